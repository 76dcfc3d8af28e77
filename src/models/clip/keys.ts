import type { GgufValue } from "../gguf/value.ts";
import { arrayIn, dimensionIn, numberIn, type View } from "../layouts/view.ts";

export const u32 = (value: number | undefined): GgufValue | undefined =>
  value === undefined ? undefined : { type: "uint32", value: Math.trunc(value) };
export const f32 = (value: number | undefined): GgufValue | undefined =>
  value === undefined ? undefined : { type: "float32", value };
export const bool = (value: boolean): GgufValue => ({ type: "bool", value });
export const text = (value: string): GgufValue => ({ type: "string", value });
export const floats = (value: readonly number[]): GgufValue => ({ type: "array", of: "float32", value });
export const bools = (value: readonly boolean[]): GgufValue => ({
  type: "array",
  of: "bool",
  value: value.map(Number),
});

/** A whole number of the model's `vision.` keys, or `fallback`. */
export const vision = (view: View, key: string, fallback?: number): GgufValue | undefined =>
  u32(numberIn(view, `vision.${key}`) ?? fallback);

/** The numbers of an array under one of the model's `vision.` keys, as they are. */
export const visionArray = (view: View, key: string): GgufValue | undefined => arrayIn(view, `vision.${key}`);

/** Rows of a tensor. */
export const rows = (view: View, tensor: string): GgufValue | undefined => u32(dimensionIn(view, tensor, 1));
