import type { GgufStrings } from "./strings.ts";

/** `enum gguf_type` of ggml. */
export const GGUF_TYPE_IDS = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

export type GgufType = keyof typeof GGUF_TYPE_IDS;

/** Types whose every value a JavaScript number holds exactly. */
export type GgufNumberType =
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "float32"
  | "float64";
export type GgufBigintType = "uint64" | "int64";

/**
 * A metadata value with the type that it has in the file, so that it can be printed and written again as it was.
 *
 * Arrays of numbers are typed arrays when read and may be any array when written; booleans in an array are 0 and 1; arrays of
 * strings are {@link GgufStrings} when read. Arrays of arrays do not exist: llama.cpp has none either.
 */
export type GgufValue =
  | { readonly type: GgufNumberType; readonly value: number }
  | { readonly type: GgufBigintType; readonly value: bigint }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | GgufArray;

export type GgufArray =
  | { readonly type: "array"; readonly of: "string"; readonly value: readonly string[] | GgufStrings }
  | { readonly type: "array"; readonly of: GgufNumberType | "bool"; readonly value: ArrayLike<number> }
  | { readonly type: "array"; readonly of: GgufBigintType; readonly value: ArrayLike<bigint> };

/** In the order in which the file has them. */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

const NAMES: ReadonlyMap<number, GgufType> = new Map(
  (Object.keys(GGUF_TYPE_IDS) as GgufType[]).map((name) => [GGUF_TYPE_IDS[name], name]),
);

/** The type with that number, or undefined when there is none. */
export const ggufType = (id: number): GgufType | undefined => NAMES.get(id);

/** GGUF values, by their types. */
export const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
export const float32 = (value: number): GgufValue => ({ type: "float32", value });
export const bool = (value: boolean): GgufValue => ({ type: "bool", value });
export const ggufString = (value: string): GgufValue => ({ type: "string", value });
export const ggufStrings = (value: readonly string[]): GgufValue => ({ type: "array", of: "string", value });
export const float32s = (value: readonly number[]): GgufValue => ({ type: "array", of: "float32", value });
export const int32s = (value: readonly number[]): GgufValue => ({ type: "array", of: "int32", value });
