import { choice, EMPTY_TEXT, type Expr, literal, sequence } from "./gbnf.ts";
import type { RuleBook } from "./rule-book.ts";
import { whitespace } from "./whitespace.ts";

/** Between `min` and `max` times a comma and an item: what may follow an item that is already there. */
export function following(book: RuleBook, item: Expr, min: number, max: number): Expr {
  if (max === 0) return EMPTY_TEXT;
  const comma = sequence(literal(","), whitespace(book), item);
  return book.repeat(comma, min, max);
}

/** Brackets around between `min` and `max` items; `min` must not exceed `max`. */
export interface ListShape {
  open: "[" | "{";
  close: "]" | "}";
  min: number;
  max: number;
}

/** A bracketed list of items. */
export function listExpr(book: RuleBook, item: Expr, { open, close, min, max }: ListShape): Expr {
  const ws = whitespace(book);
  const begin = sequence(literal(open), ws);
  if (max === 0) return sequence(begin, literal(close));
  const filled = sequence(item, following(book, item, Math.max(0, min - 1), max - 1), ws);
  return sequence(begin, min === 0 ? choice([filled, EMPTY_TEXT]) : filled, literal(close));
}
