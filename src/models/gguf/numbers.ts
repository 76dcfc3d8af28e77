import type { GgufBigintType, GgufNumberType } from "./value.ts";

/** Bytes of one value, in a header and in an array. */
export const WIDTHS = {
  uint8: 1,
  int8: 1,
  bool: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
} as const;

/** How arrays of each type lie in memory: as in the file, since every platform that Bun runs on is little-endian like GGUF. */
export const NUMBER_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<GgufNumberType | "bool", unknown>;

export const BIGINT_ARRAYS = {
  uint64: BigUint64Array,
  int64: BigInt64Array,
} as const satisfies Record<GgufBigintType, unknown>;

export const isBigintType = (type: keyof typeof WIDTHS): type is GgufBigintType =>
  Object.hasOwn(BIGINT_ARRAYS, type);

/**
 * The shortest decimal that is this 32-bit float, which is what was written when the model was made: `0.00001`, not
 * `0.000009999999747378752`. Rounding the result to 32 bits gives the same float.
 */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(decimal), value)) return decimal;
  }
  return value;
}
