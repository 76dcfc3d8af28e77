import { GoTemplateError } from "./error.ts";
import { goQuote, unquoteChar } from "./quote.ts";

const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;
const DIGITS =
  /^([+-]?)(0[xX]_?[0-9a-fA-F](?:_?[0-9a-fA-F])*|0[oO]_?[0-7](?:_?[0-7])*|0[bB]_?[01](?:_?[01])*|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/;
const DECIMAL = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]_?([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?\d+)$/;

function integerOf(text: string): bigint | undefined {
  const match = DIGITS.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] ?? "").replaceAll("_", "");
  const magnitude = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match[1] === "-" ? -magnitude : magnitude;
}

function floatOf(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text.replaceAll("_", ""));
    return Number.isFinite(value) ? value : undefined;
  }
  const match = HEX_FLOAT.exec(text);
  if (match === null) return undefined;
  const whole = (match[2] ?? "").replaceAll("_", "");
  const fraction = (match[3] ?? "").replaceAll("_", "");
  if (whole + fraction === "") return undefined;
  const magnitude = Number(`0x${whole}${fraction}`) * 2 ** (Number(match[4]) - 4 * fraction.length);
  return match[1] === "-" ? -magnitude : magnitude;
}

/**
 * The value that a Go number or character literal has where nothing asks for a type: `bigint` stands for Go's int, `number` for
 * float64. Undefined for an integer of 64 bits that only Go's uint64 holds; using one fails when the template runs, not before.
 *
 * Imaginary constants are refused: no chat template has a use for them.
 * @throws GoTemplateError with Go's text, for a literal that is no number.
 */
export function parseNumber(text: string): bigint | number | undefined {
  if (text.startsWith("'")) return BigInt(unquoteChar(text));
  if (text.endsWith("i") && !/^[+-]?0[xX]/.test(text)) {
    throw new GoTemplateError(`imaginary constants are not supported: ${goQuote(text)}`);
  }
  const integer = integerOf(text);
  if (integer !== undefined && integer >= -MAX_INT - 1n && integer <= MAX_INT) return integer;
  if (integer !== undefined && integer > 0n && integer <= MAX_UINT && !text.startsWith("+")) return undefined;
  const float = floatOf(text);
  if (float === undefined && integer === undefined) {
    throw new GoTemplateError(`illegal number syntax: ${goQuote(text)}`);
  }
  if (float === undefined || !/[.eEpP]/.test(text)) {
    throw new GoTemplateError(`integer overflow: ${goQuote(text)}`);
  }
  return float;
}
