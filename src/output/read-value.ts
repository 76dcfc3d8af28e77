import { BracketScanner } from "./bracket-scanner.ts";
import type { Feed, Reading } from "./feed.ts";
import { parseObject } from "./literal-parser.ts";

/** Text from a bracket up to the one that closes it. */
export interface BracketText {
  text: string;
  /** `whole`: balanced. `stopped`: something followed that cannot be a part of it. `ended`: so did the answer. */
  state: "whole" | "stopped" | "ended";
  /** The brackets that would close what is open. */
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
 * it was the answer that ended: then it is not known what else was to come.
 */
export function objectOf({ text, state, missing }: BracketText): Record<string, unknown> | undefined {
  if (state === "ended") return undefined;
  return parseObject(state === "whole" ? text : text.trimEnd() + missing);
}
