import { badRequest } from "./errors.ts";

/** How long a model stays loaded after its last request, in milliseconds; 0 unloads when idle, `Infinity` pins it. */
export type KeepAlive = number;

/** Nanoseconds of each unit that Go knows; both spellings of micro (U+00B5 and U+03BC) are Go's. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const MAX_INT64 = 2n ** 63n - 1n;
const TERM = /(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<unit>[^\d.]*)/y;

/** Go's `time` package quotes a duration like this: ASCII as it is, every other byte in hexadecimal. */
function quote(text: string): string {
  const body = Array.from(Buffer.from(text, "utf8"), (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    if (byte >= 0x20 && byte < 0x80) return String.fromCharCode(byte);
    return `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `"${body.join("")}"`;
}

/** The leading digits of a fraction that fit Go's 63 bits; Go drops the rest, and the last nanosecond depends on it. */
function significantDigits(fraction: string): string {
  const digits = /^0*\d{0,19}/.exec(fraction)?.[0] ?? "";
  return BigInt(digits) > MAX_INT64 + 1n ? digits.slice(0, -1) : digits;
}

/** One `<number><unit>` of `text`, in nanoseconds. */
function term(match: RegExpExecArray, text: string): bigint {
  const { whole = "", fraction = "", unit = "" } = match.groups ?? {};
  const missing = whole === "" && fraction === "";
  // By length first: a megabyte of digits is slow to turn into a number.
  const tooLarge = /^0*[1-9]\d{19}/.test(whole) || BigInt(whole) > MAX_INT64 + 1n;
  if (missing || tooLarge) throw badRequest(`time: invalid duration ${quote(text)}`);
  if (unit === "") throw badRequest(`time: missing unit in duration ${quote(text)}`);
  const scale = UNITS.get(unit);
  if (scale === undefined) throw badRequest(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
  const digits = significantDigits(fraction);
  // In floating point because Go does so too.
  const part = Math.trunc(Number(digits) * (Number(scale) / 10 ** digits.length));
  return BigInt(whole) * scale + BigInt(part);
}

/**
 * Reads a duration as Go's `time.ParseDuration` does: signed decimal numbers with units, as in `1h30m`, `-1.5s` or `300ms`.
 *
 * @returns nanoseconds, within a signed 64-bit integer.
 * @throws AppError `bad_request` with Go's own text.
 */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith("-");
  const start = negative || text.startsWith("+") ? 1 : 0;
  if (text.slice(start) === "0") return 0n;
  if (text.length === start) throw badRequest(`time: invalid duration ${quote(text)}`);
  let sum = 0n;
  for (let at = start; at < text.length; ) {
    TERM.lastIndex = at;
    const match = TERM.exec(text);
    if (match === null || !/[\d.]/.test(text[at]!)) throw badRequest(`time: invalid duration ${quote(text)}`);
    sum += term(match, text);
    if (sum > MAX_INT64 + (negative ? 1n : 0n)) throw badRequest(`time: invalid duration ${quote(text)}`);
    at += match[0].length;
  }
  return negative ? -sum : sum;
}

/** `count` units with the fraction that `digits` decimal places hold, trailing zeros removed: `(1_500n, 3)` is `1.5`. */
function decimal(count: bigint, digits: number): string {
  const text = count.toString().padStart(digits + 1, "0");
  const fraction = text.slice(text.length - digits).replace(/0+$/, "");
  return text.slice(0, text.length - digits) + (fraction === "" ? "" : `.${fraction}`);
}

/**
 * Prints a duration as Go's `Duration.String` does: `0s`, `52.3ms`, `1.234567s`, `1h2m3s`.
 *
 * @param nanoseconds a finite number; a fraction of a nanosecond is cut off.
 */
export function formatDuration(nanoseconds: number | bigint): string {
  const signed = typeof nanoseconds === "bigint" ? nanoseconds : BigInt(Math.trunc(nanoseconds));
  if (signed === 0n) return "0s";
  const sign = signed < 0n ? "-" : "";
  const total = signed < 0n ? -signed : signed;
  if (total < 1_000n) return `${sign}${total}ns`;
  if (total < 1_000_000n) return `${sign}${decimal(total, 3)}\u00b5s`;
  if (total < 1_000_000_000n) return `${sign}${decimal(total, 6)}ms`;
  const minutes = total / 60_000_000_000n;
  const seconds = `${decimal(total % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n
    ? `${sign}${minutes}m${seconds}`
    : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}
