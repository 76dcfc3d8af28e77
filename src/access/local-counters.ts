import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { KeyCounts } from "../store/key-counts.ts";
import type { Counters } from "./counters.ts";
import type { Window } from "./windows.ts";

/** How long counts wait to be written down, in milliseconds. A server that is killed forgets the counts of that time. */
const SAVE_MS = 5000;

interface Count {
  tokens: number;
  endsAt: number;
  span: Window["span"];
}

export interface LocalCountersOptions {
  /** Where the counts of days outlive the server. */
  books: KeyCounts;
  clock: Clock;
  logger: Logger;
}

/** Counts the requests and tokens of this server. Counts of days are written down; a minute is over before a server has started anew. */
export class LocalCounters implements Counters {
  readonly #options: LocalCountersOptions;
  readonly #places = new Map<string, number>();
  readonly #counts = new Map<string, Count>();
  #cancel: (() => void) | undefined;

  constructor(options: LocalCountersOptions) {
    this.#options = options;
    for (const { window, tokens, endsAt } of options.books.load())
      this.#counts.set(window, { tokens, endsAt, span: "day" });
  }

  async enter(keyId: string, most: number): Promise<(() => void) | undefined> {
    const taken = this.#places.get(keyId) ?? 0;
    if (taken >= most) return undefined;
    this.#places.set(keyId, taken + 1);
    let inside = true;
    return () => {
      if (inside) this.#leave(keyId);
      inside = false;
    };
  }

  #leave(keyId: string): void {
    const left = (this.#places.get(keyId) ?? 1) - 1;
    if (left === 0) this.#places.delete(keyId);
    else this.#places.set(keyId, left);
  }

  async used(windows: readonly Window[]): Promise<number[]> {
    return windows.map(({ name }) => this.#counts.get(name)?.tokens ?? 0);
  }

  async add(windows: readonly Window[], tokens: number): Promise<void> {
    this.#forget();
    for (const { name, endsAt, span } of windows) {
      const before = this.#counts.get(name)?.tokens ?? 0;
      this.#counts.set(name, { tokens: before + tokens, endsAt, span });
    }
    if (windows.some(({ span }) => span === "day"))
      this.#cancel ??= this.#options.clock.after(SAVE_MS, () => this.#save());
  }

  /** Windows that have ended are not needed any more. */
  #forget(): void {
    const now = this.#options.clock.now();
    for (const [name, { endsAt }] of this.#counts) if (endsAt <= now) this.#counts.delete(name);
  }

  #save(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const days = [...this.#counts].filter(([, { span }]) => span === "day");
    try {
      this.#options.books.save(days.map(([window, { tokens, endsAt }]) => ({ window, tokens, endsAt })));
    } catch (error) {
      this.#options.logger.warn("what API keys have used could not be written down", {
        error: String(error),
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#cancel !== undefined) this.#save();
  }
}
