/**
 * Number formats of weights, in bulk. Files are little-endian and so is every platform that Bun runs on, so typed arrays
 * read and write them as they lie. Rounding is to nearest, ties to even, as IEEE 754 and ggml have it.
 */

/** Types in which weights may be stored, on both sides of a conversion. */
export type FloatType = "F32" | "F16" | "BF16";

/** Bytes of one value. */
export const FLOAT_BYTES: Record<FloatType, number> = { F32: 4, F16: 2, BF16: 2 };

export function isFloatType(type: string): type is FloatType {
  return Object.hasOwn(FLOAT_BYTES, type);
}

/** Little-endian values of `type` as numbers; exact. `bytes` must hold whole values. */
export function decodeFloats(type: FloatType, bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, FLOAT_BYTES[type]);
  const count = byteLength / FLOAT_BYTES[type];
  switch (type) {
    case "F32":
      return new Float32Array(buffer, byteOffset, count);
    case "F16":
      return new Float32Array(new Float16Array(buffer, byteOffset, count));
    case "BF16":
      return widenBf16(new Uint16Array(buffer, byteOffset, count));
  }
}

/** Numbers as little-endian values of `type`. Too large for F16 becomes infinity; NaN stays NaN. */
export function encodeFloats(type: FloatType, values: Float32Array): Uint8Array {
  switch (type) {
    case "F32":
      return bytesOf(values);
    case "F16":
      return bytesOf(new Float16Array(values));
    case "BF16":
      return bytesOf(narrowToBf16(values));
  }
}

/** Whether every F16 value is a finite number; infinities stand for numbers beyond ±65,504, the range of F16. */
export function isFiniteF16(bytes: Uint8Array): boolean {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 2);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  for (let i = 0; i < halves.length; i++) if (((halves[i] ?? 0) & 0x7c00) === 0x7c00) return false;
  return true;
}

/** BF16 is the upper half of an F32. */
function widenBf16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

function narrowToBf16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0;
    // A NaN is made quiet instead of rounded: rounding could carry it into infinity.
    const isNan = (word & 0x7fff_ffff) > 0x7f80_0000;
    halves[i] = isNan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return halves;
}

/** Typed arrays need an offset that their element size divides; a slice of a larger buffer may lie anywhere. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}

function bytesOf(array: Float32Array | Float16Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
