import { type CodePoints, single } from "../code-points.ts";
import { charSet, choice, EMPTY_TEXT, type Expr, sequence } from "../gbnf.ts";
import type { RuleBook } from "../rule-book.ts";

const ZERO = 0x30;

/** One digit between two digits. */
export const digitBetween = (low: number, high: number): Expr => {
  const codePoints: CodePoints = low === high ? single(ZERO + low) : [[ZERO + low, ZERO + high]];
  return charSet(codePoints);
};

/** Between `min` and `max` digits of any value. */
export const anyDigits = (book: RuleBook, min: number, max: number): Expr =>
  book.repeat(digitBetween(0, 9), min, max);

const isAll = (digit: string, digits: string): boolean => [...digits].every((each) => each === digit);

/** Digit strings as long as `low` and `high`, which are equally long, that lie between the two. */
export function digitsBetween(book: RuleBook, low: string, high: string): Expr {
  const length = low.length;
  if (length === 0) return EMPTY_TEXT;
  if (isAll("0", low) && isAll("9", high)) return anyDigits(book, length, length);
  const [first, last] = [Number(low[0]), Number(high[0])];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const nines = "9".repeat(length - 1);
  const zeros = "0".repeat(length - 1);
  if (first === last) return sequence(digitBetween(first, last), digitsBetween(book, lowRest, highRest));
  const options: Expr[] = [];
  const from = lowRest === zeros ? first : first + 1;
  const to = highRest === nines ? last : last - 1;
  if (from > first) options.push(sequence(digitBetween(first, first), digitsBetween(book, lowRest, nines)));
  if (from <= to) options.push(sequence(digitBetween(from, to), anyDigits(book, length - 1, length - 1)));
  if (to < last) options.push(sequence(digitBetween(last, last), digitsBetween(book, zeros, highRest)));
  return choice(options);
}
