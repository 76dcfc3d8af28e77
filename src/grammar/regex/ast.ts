import type { CodePoints } from "../code-points.ts";

/** A regular expression over Unicode characters. */
export type Regex =
  | { kind: "set"; set: CodePoints }
  | { kind: "sequence"; items: readonly Regex[] }
  | { kind: "choice"; options: readonly Regex[] }
  /** `max` may be `Infinity`. */
  | { kind: "repeat"; item: Regex; min: number; max: number }
  /** Matches the empty text at the beginning (`^`) or at the end (`$`) of the whole text. */
  | { kind: "anchor"; at: "start" | "end" };

export const regexSet = (set: CodePoints): Regex => ({ kind: "set", set });
export const regexSequence = (items: readonly Regex[]): Regex => ({ kind: "sequence", items });
export const regexChoice = (options: readonly Regex[]): Regex => ({ kind: "choice", options });

/** The text itself. */
export const regexText = (text: string): Regex =>
  regexSequence(
    [...text].map((character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      return regexSet([[codePoint, codePoint]]);
    }),
  );
