import { defined } from "../../lib/defined.ts";
import { choice, EMPTY_TEXT, type Expr, literal, optional, sequence } from "../gbnf.ts";
import { MAX_FRACTION_DIGITS } from "../limits.ts";
import type { RuleBook } from "../rule-book.ts";
import { anyDigits, digitBetween } from "./digits.ts";

/** Zeros that JavaScript writes after the decimal point before it takes to exponents. */
const MAX_ZEROS = 5;

/** A limit for the digits after the decimal point, written without trailing zeros. */
interface FractionLimit {
  digits: string;
  exclusive: boolean;
}

export interface FractionLimits {
  /** Undefined: no limit on this side. */
  low?: FractionLimit;
  high?: FractionLimit;
}

/** A decimal point with up to `room` digits within the limits, or nothing if zero is within them. Undefined where nothing fits. */
export function fraction(book: RuleBook, limits: FractionLimits, room: number): Expr | undefined {
  const digits = room > 0 ? someDigits(book, limits, room) : undefined;
  const point = digits === undefined ? undefined : sequence(literal("."), digits);
  if (!mayEnd(limits)) return point;
  return point === undefined ? EMPTY_TEXT : optional(point);
}

/** Is what has been written within the limits if nothing but zeros follows? */
function mayEnd({ low, high }: FractionLimits): boolean {
  if (low !== undefined && (low.digits !== "" || low.exclusive)) return false;
  return high === undefined || high.digits !== "" || !high.exclusive;
}

/** Between one and `room` digits. */
function someDigits(book: RuleBook, limits: FractionLimits, room: number): Expr | undefined {
  const { low, high } = limits;
  const lowFree = low === undefined || (low.digits === "" && !low.exclusive);
  if (lowFree && high === undefined) return anyDigits(book, 1, room);
  if (low?.digits === "" && high === undefined && room === MAX_FRACTION_DIGITS) return aboveZero(book, room);
  if (low === undefined && high?.digits === "" && !high.exclusive) return book.repeat(literal("0"), 1, room);
  const least = lowFree ? 0 : Number(low.digits[0] ?? 0);
  const most = high === undefined ? 9 : Number(high.digits[0] ?? 0);
  if (least > most) return undefined;
  const lowNext = lowFree ? undefined : { ...low, digits: low.digits.slice(1) };
  const highNext = high === undefined ? undefined : { ...high, digits: high.digits.slice(1) };
  const options: (Expr | undefined)[] = [];
  if (least === most) {
    options.push(digitThen(book, least, least, { low: lowNext, high: highNext }, room));
  } else {
    const from = lowNext === undefined ? least : least + 1;
    const to = highNext === undefined ? most : most - 1;
    if (lowNext !== undefined) options.push(digitThen(book, least, least, { low: lowNext }, room));
    if (from <= to) options.push(digitThen(book, from, to, {}, room));
    if (highNext !== undefined) options.push(digitThen(book, most, most, { high: highNext }, room));
  }
  const possible = options.filter((option) => option !== undefined);
  return possible.length === 0 ? undefined : choice(possible);
}

type Next = { [side in keyof FractionLimits]: FractionLimits[side] | undefined };

function digitThen(book: RuleBook, from: number, to: number, next: Next, room: number): Expr | undefined {
  const limits: FractionLimits = defined({ low: next.low, high: next.high });
  const more = room > 1 ? someDigits(book, limits, room - 1) : undefined;
  const digit = digitBetween(from, to);
  if (!mayEnd(limits)) return more === undefined ? undefined : sequence(digit, more);
  if (limits.low === undefined && limits.high === undefined)
    return sequence(digit, anyDigits(book, 0, room - 1));
  return more === undefined ? digit : sequence(digit, optional(more));
}

/** Not only zeros. A flat form instead of one that is nested as deep as there is room for zeros. */
function aboveZero(book: RuleBook, room: number): Expr {
  const zeros = book.repeat(literal("0"), 0, MAX_ZEROS);
  return sequence(zeros, digitBetween(1, 9), anyDigits(book, 0, room - MAX_ZEROS - 1));
}
