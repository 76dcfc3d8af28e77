import type { Regex } from "../regex/ast.ts";
import { regexChoice, regexSequence, regexText } from "../regex/ast.ts";
import { determinize } from "./determinize.ts";
import type { Dfa } from "./dfa.ts";
import { minimize } from "./minimize.ts";
import { searchNfa } from "./nfa.ts";

/** The texts in which `regex` finds a match. */
export const searching = (regex: Regex): Dfa => minimize(determinize(searchNfa(regex)));

/** Exactly the given texts. */
export function anyOfTexts(texts: readonly string[]): Dfa {
  return searching(
    regexSequence([
      { kind: "anchor", at: "start" },
      regexChoice(texts.map(regexText)),
      { kind: "anchor", at: "end" },
    ]),
  );
}
