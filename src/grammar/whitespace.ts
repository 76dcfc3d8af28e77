import { charactersOf } from "./code-points.ts";
import { charSet, choice, EMPTY_TEXT, type Expr, literal, sequence } from "./gbnf.ts";
import type { RuleBook } from "./rule-book.ts";

/** Indentation after a line break: ten levels of two blanks. */
const MAX_INDENT = 20;

/**
 * White space between JSON tokens: nothing, one blank, or one line break with its indentation. Compact and pretty-printed JSON both fit,
 * and a model cannot go on with blanks for ever.
 */
export function whitespace(book: RuleBook): Expr {
  return book.shared("ws", "ws", () =>
    choice([
      EMPTY_TEXT,
      literal(" "),
      sequence(literal("\n"), book.repeat(charSet(charactersOf(" \t")), 0, MAX_INDENT)),
    ]),
  );
}
