import type { TinyModel } from "./tiny-model.ts";

/** A vision encoder of one block, as it lies in a published file. */
export const VISION = { width: 32, heads: 2, feedForward: 64, patch: 4 } as const;

/** What a family calls the parts of a block. */
export interface BlockNames {
  out: string;
  norms: [string, string];
  up: string;
  down: string;
}

export function visionBlock(
  model: TinyModel,
  prefix: string,
  { out, norms, up, down }: BlockNames,
  { bias = true, normBias = true } = {},
): void {
  const { width, feedForward } = VISION;
  const linear = (name: string, from: number, to: number) => {
    model.matrix(`${prefix}${name}.weight`, [from, to], { type: "F16" });
    if (bias) model.matrix(`${prefix}${name}.bias`, [to]);
  };
  for (const name of ["attn_q", "attn_k", "attn_v", out]) linear(name, width, width);
  for (const name of norms) normed(model, prefix + name, normBias);
  linear(up, width, feedForward);
  linear(down, feedForward, width);
}

export function normed(model: TinyModel, name: string, bias = true): void {
  model.norm(`${name}.weight`, VISION.width);
  if (bias) model.matrix(`${name}.bias`, [VISION.width]);
}

/** The keys that most families have of their encoder. */
export const visionKeys = (blocks = 1) => ({
  "vision.block_count": blocks,
  "vision.embedding_length": VISION.width,
  "vision.attention.head_count": VISION.heads,
  "vision.patch_size": VISION.patch,
});
