import { badRequest } from "../../lib/errors.ts";
import type { GgufValue } from "../gguf/value.ts";
import { arrayIn, dimensionIn, type HeaderView, numberIn } from "../layouts/view.ts";

/** @throws AppError `bad_request` when a count of the header, or one computed from it, is not a possible count. */
export function u32(value: number | undefined): GgufValue | undefined {
  if (value === undefined) return undefined;
  if (value >= 0 && value <= 0xffff_ffff) return { type: "uint32", value: Math.trunc(value) };
  throw badRequest(`the model's header says ${value} where an encoder needs a count`);
}
export const f32 = (value: number | undefined): GgufValue | undefined =>
  value === undefined ? undefined : { type: "float32", value };
export const bools = (value: readonly boolean[]): GgufValue => ({
  type: "array",
  of: "bool",
  value: value.map(Number),
});

/** A whole number of the model's `vision.` keys, or `fallback`. */
export const vision = (view: HeaderView, key: string, fallback?: number): GgufValue | undefined =>
  u32(numberIn(view, `vision.${key}`) ?? fallback);

/** Layers of the encoder of pictures. A header may say any number; no layer is without a tensor. */
export const blocksOf = (view: HeaderView): number =>
  Math.min(numberIn(view, "vision.block_count") ?? 0, view.tensors.size);

/** The numbers of an array under one of the model's `vision.` keys, as they are. */
export const visionArray = (view: HeaderView, key: string): GgufValue | undefined =>
  arrayIn(view, `vision.${key}`);

/** Rows of a tensor. */
export const rows = (view: HeaderView, tensor: string): GgufValue | undefined =>
  u32(dimensionIn(view, tensor, 1));
