/**
 * Takes inputs from the front, in order, until the next would not fit `capacity` tokens or there are `maxSequences`; the first one
 * however long it is.
 */
export function packBatch<T extends { tokens: readonly number[] }>(
  inputs: readonly T[],
  capacity: number,
  maxSequences: number,
): T[] {
  let used = 0;
  const end = inputs.findIndex(({ tokens }, index) => {
    used += tokens.length;
    return (used > capacity && index > 0) || index === maxSequences;
  });
  return end === -1 ? [...inputs] : inputs.slice(0, end);
}
