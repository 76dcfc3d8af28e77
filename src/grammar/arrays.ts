import { choice, EMPTY_TEXT, type Expr, literal, sequence } from "./gbnf.ts";
import { following, listExpr } from "./lists.ts";
import type { RuleBook } from "./rule-book.ts";
import { whitespace } from "./whitespace.ts";

export interface ArrayShape {
  /** The items at fixed places, in order. */
  prefix: readonly Expr[];
  /** Any item after those. Undefined: there are none. */
  rest?: Expr;
  min: number;
  /** May be `Infinity`. */
  max: number;
}

/** Undefined where no array fits. */
export function arrayValue(book: RuleBook, hint: string, shape: ArrayShape): Expr | undefined {
  const max = Math.min(shape.max, shape.rest === undefined ? shape.prefix.length : Number.POSITIVE_INFINITY);
  const prefix = shape.prefix.slice(0, max);
  if (shape.min > max) return undefined;
  if (prefix.length === 0) {
    return listExpr(book, shape.rest ?? EMPTY_TEXT, { open: "[", close: "]", min: shape.min, max });
  }
  const rest = shape.rest === undefined ? undefined : book.named(`${hint}-item`, shape.rest);
  return tuple(book, prefix, rest, shape.min, max);
}

function tuple(
  book: RuleBook,
  prefix: readonly Expr[],
  rest: Expr | undefined,
  min: number,
  max: number,
): Expr {
  const ws = whitespace(book);
  const more =
    rest === undefined
      ? EMPTY_TEXT
      : following(book, rest, Math.max(0, min - prefix.length), max - prefix.length);
  const items = prefix.reduceRight<Expr>((after, item, i) => {
    if (i === 0) return sequence(item, after);
    const here = sequence(literal(","), ws, item, after);
    return i < min ? here : book.add("tuple", choice([here, EMPTY_TEXT]));
  }, more);
  const filled = sequence(items, ws, literal("]"));
  return sequence(literal("["), ws, min === 0 ? choice([filled, literal("]")]) : filled);
}
