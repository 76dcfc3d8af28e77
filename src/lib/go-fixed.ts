/**
 * `value` with `digits` decimals, as Go's `%.<digits>f` prints it.
 *
 * `toFixed` differs in one case only: a value exactly half-way between two results goes up there and to the even one in Go
 * (`2.5` with no decimals is `3` in JavaScript, `2` in Go). Half-way values are those whose product with 2^(digits + 1) is odd.
 *
 * @param value finite, below 1e15 in magnitude.
 */
export function goFixed(value: number, digits: number): string {
  const halfWay = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  if (!halfWay) return value.toFixed(digits);
  const lower = Math.floor(value * 10 ** digits);
  return ((lower % 2 === 0 ? lower : lower + 1) / 10 ** digits).toFixed(digits);
}
