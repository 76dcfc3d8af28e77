import type { Window } from "./windows.ts";

/** Gives back the place that `enter` took. */
export type Leave = () => void;

/** Counts the requests under way and the tokens of each key. */
export interface Counters extends AsyncDisposable {
  /** Takes one of `most` places; undefined when all of them are taken. */
  enter(keyId: string, most: number): Promise<Leave | undefined>;
  /** Tokens used in each of the windows. */
  used(windows: readonly Window[]): Promise<number[]>;
  add(windows: readonly Window[], tokens: number): Promise<void>;
}
