import { choice, type Expr, literal, sequence } from "../gbnf.ts";
import { MAX_FRACTION_DIGITS, MAX_NUMBER_DIGITS } from "../limits.ts";
import type { RuleBook } from "../rule-book.ts";
import type { Bound } from "../schema/facets.ts";
import { type FractionLimits, fraction } from "./fractions.ts";
import { magnitudes } from "./integer-range.ts";

/** Decimals of up to this many digits all read as different doubles. */
const EXACT_DIGITS = 15;

const LARGEST = 10n ** BigInt(MAX_NUMBER_DIGITS) - 1n;

/** One end of a range of numbers that are not negative. */
interface End {
  integer: bigint;
  digits: string;
  exclusive: boolean;
}

/** Can the texts that a grammar lets pass be told apart from this exclusive bound once they have been read as doubles? */
export function isExact({ value, exclusive }: Bound): boolean {
  return !exclusive || roomBeside(value) >= decimalOf(value).fraction.length;
}

/** Every decimal of our length reads as something else than 0, and none rounds across an inclusive bound. */
function roomBeside(value: number): number {
  if (value === 0) return MAX_FRACTION_DIGITS;
  const { integer } = decimalOf(value);
  return EXACT_DIGITS - (integer === "0" ? 0 : integer.length);
}

/**
 * The numbers between two bounds in plain decimal notation without exponent. Both bounds must be {@link isExact}.
 * Undefined where there is none.
 * @param places digits after the decimal point at most.
 */
export function numberRange(
  book: RuleBook,
  lower: Bound | undefined,
  upper: Bound | undefined,
  places = MAX_FRACTION_DIGITS,
): Expr | undefined {
  const exclusive = [lower, upper].filter((bound) => bound?.exclusive === true);
  const room = Math.min(
    places,
    MAX_FRACTION_DIGITS,
    ...exclusive.map((bound) => roomBeside(bound?.value ?? 0)),
  );
  const options: Expr[] = [];
  if (lower === undefined || lower.value < 0) {
    // Zero is written without a sign, so that this part begins above it.
    const from =
      upper !== undefined && upper.value < 0 ? endOf(upper) : { integer: 0n, digits: "", exclusive: true };
    const negative = between(book, from, lower === undefined ? undefined : endOf(lower), room);
    if (negative !== undefined) options.push(sequence(literal("-"), negative));
  }
  if (upper === undefined || upper.value >= 0) {
    const from =
      lower !== undefined && lower.value >= 0 ? endOf(lower) : { integer: 0n, digits: "", exclusive: false };
    const positive = between(book, from, upper === undefined ? undefined : endOf(upper), room);
    if (positive !== undefined) options.push(positive);
  }
  return options.length === 0 ? undefined : choice(options);
}

function endOf({ value, exclusive }: Bound): End {
  const decimal = decimalOf(value);
  return { integer: BigInt(decimal.integer), digits: decimal.fraction, exclusive };
}

function between(book: RuleBook, low: End, high: End | undefined, room: number): Expr | undefined {
  const options: (Expr | undefined)[] = [];
  const add = (from: bigint, to: bigint, limits: FractionLimits) => {
    const after = from > to ? undefined : fraction(book, limits, room);
    options.push(after === undefined ? undefined : sequence(magnitudes(book, from, to), after));
  };
  const last = high === undefined || high.integer > LARGEST ? LARGEST + 1n : high.integer;
  if (low.integer > LARGEST || low.integer > last) return undefined;
  if (low.integer === last && high !== undefined) {
    add(last, last, { low, high });
  } else {
    const wholeLow = low.digits === "" && !low.exclusive;
    if (!wholeLow) add(low.integer, low.integer, { low });
    add(wholeLow ? low.integer : low.integer + 1n, last - 1n, {});
    if (last <= LARGEST && high !== undefined) add(last, last, { high });
  }
  const possible = options.filter((option) => option !== undefined);
  return possible.length === 0 ? undefined : choice(possible);
}

/** A decimal number by its digits. */
interface Decimal {
  negative: boolean;
  /** Without leading zeros; `0` for a number below 1. */
  integer: string;
  /** Without trailing zeros. */
  fraction: string;
}

/** The shortest decimal that reads as `value`, which must be finite. */
function decimalOf(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "0", part = ""] = mantissa.split(".");
  const shift = Number(exponent);
  const digits = whole + part;
  const point = whole.length + shift;
  const integer = point <= 0 ? "0" : digits.padEnd(point, "0").slice(0, point);
  const fraction = point <= 0 ? "0".repeat(-point) + digits : digits.slice(point);
  return {
    negative: value < 0,
    integer: integer.replace(/^0+(?=\d)/, ""),
    fraction: fraction.replace(/0+$/, ""),
  };
}
