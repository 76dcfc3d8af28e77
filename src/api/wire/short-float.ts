/** Digits with which a 32-bit float may need to be written to be read back unchanged. */
const MIN_DIGITS = 6;
const MAX_DIGITS = 9;

/**
 * The shortest decimal that is read back as this 32-bit float, as Go writes it: 0.1, where widening to 64 bits would write
 * 0.10000000149011612 and more than double the size of a reply full of vectors.
 *
 * @param value a float that 32 bits hold exactly.
 */
export function shortFloat(value: number): number {
  for (let digits = MIN_DIGITS; digits < MAX_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(MAX_DIGITS));
}
