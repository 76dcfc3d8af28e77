import type { GrowingBytes } from "./growing-bytes.ts";
import { BIGINT_ARRAYS, NUMBER_ARRAYS } from "./numbers.ts";
import { GgufStrings } from "./strings.ts";
import {
  GGUF_TYPE_IDS,
  type GgufArray,
  type GgufBigintType,
  type GgufNumberType,
  type GgufValue,
} from "./value.ts";

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Whole numbers that do not fit their type would wrap around silently. */
function checkStored(type: string, stored: ArrayLike<unknown>, given: ArrayLike<unknown>): void {
  for (let index = 0; index < given.length; index++) {
    if (stored[index] !== given[index]) throw new RangeError(`${given[index]} is no ${type}`);
  }
}

function numberBytes(type: GgufNumberType | "bool", values: ArrayLike<number>): Uint8Array {
  const stored = new NUMBER_ARRAYS[type](values);
  if (type !== "float32" && type !== "float64") checkStored(type, stored, values);
  return bytesOf(stored);
}

function bigintBytes(type: GgufBigintType, values: ArrayLike<bigint>): Uint8Array {
  const stored = new BIGINT_ARRAYS[type](values);
  checkStored(type, stored, values);
  return bytesOf(stored);
}

function arrayBytes(array: Exclude<GgufArray, { of: "string" }>): Uint8Array {
  switch (array.of) {
    case "uint64":
    case "int64":
      return bigintBytes(array.of, array.value);
    default:
      return numberBytes(array.of, array.value);
  }
}

function encodeArray(out: GrowingBytes, array: GgufArray): void {
  out.uint32(GGUF_TYPE_IDS[array.of]);
  out.uint64(BigInt(array.value.length));
  if (array.of !== "string") {
    out.raw(arrayBytes(array));
    return;
  }
  // Tokens that were read are written as the bytes that they were, which need not be UTF-8.
  const strings = array.value instanceof GgufStrings ? array.value.bytes() : array.value;
  for (const text of strings) out.string(text);
}

function scalarBytes(scalar: Exclude<GgufValue, GgufArray | { type: "string" }>): Uint8Array {
  switch (scalar.type) {
    case "uint64":
    case "int64":
      return bigintBytes(scalar.type, [scalar.value]);
    case "bool":
      return numberBytes("bool", [Number(scalar.value)]);
    default:
      return numberBytes(scalar.type, [scalar.value]);
  }
}

/**
 * Writes a metadata value, its type first.
 *
 * @throws RangeError when a whole number does not fit its type.
 */
export function encodeValue(out: GrowingBytes, value: GgufValue): void {
  out.uint32(GGUF_TYPE_IDS[value.type]);
  if (value.type === "array") encodeArray(out, value);
  else if (value.type === "string") out.string(value.value);
  else out.raw(scalarBytes(value));
}
