import { choice, type Expr, literal, sequence } from "../gbnf.ts";
import { MAX_INTEGER_DIGITS } from "../limits.ts";
import type { RuleBook } from "../rule-book.ts";
import type { Bound } from "../schema/facets.ts";
import { anyDigits, digitBetween, digitsBetween } from "./digits.ts";

const LARGEST = 10n ** BigInt(MAX_INTEGER_DIGITS) - 1n;

/**
 * The integers between two bounds, exactly, in plain decimal notation, of at most 18 digits so that all of them fit 64 bits.
 * Undefined where there is none.
 */
export function integerRange(
  book: RuleBook,
  lower: Bound | undefined,
  upper: Bound | undefined,
): Expr | undefined {
  const low = larger(lower === undefined ? -LARGEST : leastInteger(lower), -LARGEST);
  const high = smaller(upper === undefined ? LARGEST : greatestInteger(upper), LARGEST);
  const options: Expr[] = [];
  if (low < 0n && low <= high) {
    options.push(sequence(literal("-"), magnitudes(book, high < 0n ? -high : 1n, -low)));
  }
  if (high >= 0n && low <= high) options.push(magnitudes(book, low > 0n ? low : 0n, high));
  return options.length === 0 ? undefined : choice(options);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function leastInteger({ value, exclusive }: Bound): bigint {
  const integer = BigInt(Math.ceil(value));
  return exclusive && Number.isInteger(value) ? integer + 1n : integer;
}

function greatestInteger({ value, exclusive }: Bound): bigint {
  const integer = BigInt(Math.floor(value));
  return exclusive && Number.isInteger(value) ? integer - 1n : integer;
}

/** The integers from `low` to `high`, neither of them negative, without leading zeros. */
export function magnitudes(book: RuleBook, low: bigint, high: bigint): Expr {
  const options: Expr[] = [];
  if (low === 0n) options.push(literal("0"));
  const first = low === 0n ? 1n : low;
  /** Lengths of which every number belongs to the range; they share one expression. */
  const whole: number[] = [];
  for (let length = String(first).length; length <= String(high).length; length++) {
    const least = 10n ** BigInt(length - 1);
    const greatest = 10n * least - 1n;
    const [from, to] = [larger(first, least), smaller(high, greatest)];
    if (from > to) continue;
    if (from === least && to === greatest) whole.push(length - 1);
    else options.push(digitsBetween(book, String(from), String(to)));
  }
  if (whole.length > 0) {
    options.push(sequence(digitBetween(1, 9), anyDigits(book, Math.min(...whole), Math.max(...whole))));
  }
  return choice(options);
}
