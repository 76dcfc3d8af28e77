/** A decimal number by its digits. */
export interface Decimal {
  negative: boolean;
  /** Without leading zeros; `0` for a number below 1. */
  integer: string;
  /** Without trailing zeros. */
  fraction: string;
}

/** The shortest decimal that reads as `value`, which must be finite. */
export function decimalOf(value: number): Decimal {
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
