import { BracketScanner } from "./bracket-scanner.ts";
import type { Feed, Reading } from "./feed.ts";
import { parseObject } from "./literal-parser.ts";

/** Text from a bracket up to the one that closes it. */
export interface BracketText {
  text: string;
  /** `whole`: every bracket is closed. `stopped`: a character followed that cannot be a part of the value. `ended`: the answer has ended. */
  state: "whole" | "stopped" | "ended";
  /** The closing brackets that are missing. */
  missing: string;
}

/**
 * Takes a bracketed text, string-aware.
 * @param begun the beginning of it, where that has been taken already.
 */
export function* readBrackets(
  feed: Feed,
  { begun = "", jsonOnly }: { begun?: string; jsonOnly: boolean },
): Reading<BracketText> {
  const scanner = new BracketScanner(jsonOnly);
  scanner.scan(begun);
  let text = begun;
  for (;;) {
    const { length, ended } = scanner.scan(feed.unread);
    text += feed.take(length);
    if (ended) return { text, state: scanner.balanced ? "whole" : "stopped", missing: scanner.missing };
    if (!(yield* feed.more())) return { text, state: "ended", missing: scanner.missing };
  }
}

/**
 * The object that a text in brackets writes; undefined when it is not an object. Brackets that the model has forgotten are added, unless
 * the answer has ended within the object: then nobody knows what else was to come.
 */
export function objectOf({ text, state, missing }: BracketText): Record<string, unknown> | undefined {
  if (state === "ended") return undefined;
  return parseObject(state === "whole" ? text : text.trimEnd() + missing);
}
