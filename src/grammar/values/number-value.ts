import type { Expr } from "../gbnf.ts";
import { anyInteger, anyNumber } from "../json-value.ts";
import { MAX_FRACTION_DIGITS } from "../limits.ts";
import { unsupportedKeyword } from "../refusals.ts";
import type { RuleBook } from "../rule-book.ts";
import { decimalPlaces } from "../schema/bounds.ts";
import type { NumberFacets } from "../schema/facets.ts";
import { integerRange } from "./integer-range.ts";
import { isExact, numberRange } from "./number-range.ts";

/** A number, or an integer where fractions are not allowed. Undefined where none fits. */
export function numberValue(
  book: RuleBook,
  facets: NumberFacets | undefined,
  allowsFraction: boolean,
  path: string,
): Expr | undefined {
  const { lower, upper, multiples } = facets ?? { multiples: [] };
  const unbounded = lower === undefined && upper === undefined;
  // A multiple of an integer is an integer.
  if (!allowsFraction || multiples.some(Number.isInteger)) {
    return unbounded ? anyInteger(book) : integerRange(book, lower, upper);
  }
  const places = Math.min(
    MAX_FRACTION_DIGITS,
    ...multiples.map((step) => decimalPlaces(step) ?? MAX_FRACTION_DIGITS),
  );
  if (unbounded && places === MAX_FRACTION_DIGITS) return anyNumber(book);
  for (const [keyword, bound] of [
    ["exclusiveMinimum", lower],
    ["exclusiveMaximum", upper],
  ] as const) {
    if (bound !== undefined && !isExact(bound)) {
      throw unsupportedKeyword(
        keyword,
        path,
        "a number with more than 15 digits cannot be told from its neighbours",
      );
    }
  }
  return numberRange(book, lower, upper, places);
}
