import { dimensionIn, type HeaderView, numberIn, numbersIn } from "../../layouts/view.ts";
import type { ClipLayout } from "../clip-layout.ts";
import { blocksOf, bools, f32, rows, u32, vision, visionArray } from "../keys.ts";
import { CLIP_DEVIATION, CLIP_MEAN, HALF } from "../normal.ts";
import { mergeQkv, splitPatches } from "../tensor-edits.ts";
import type { ClipTensors } from "../tensors.ts";

const channelsOf = (view: HeaderView): number => numberIn(view, "vision.num_channels") ?? 3;

const MERGER = [
  ["v.merger.norm", "v.post_ln"],
  ["v.merger.linear_fc1", "mm.0"],
  ["v.merger.linear_fc2", "mm.2"],
  ["v.patch_embed.", "v.patch_embd."],
  ["v.pos_embed", "v.position_embd"],
  [".norm1", ".ln1"],
  [".norm2", ".ln2"],
  [".mlp.linear_fc1", ".ffn_up"],
  [".mlp.linear_fc2", ".ffn_down"],
] as const;

function editMerged(tensors: ClipTensors, view: HeaderView, asFloats: boolean): void {
  mergeQkv(tensors, blocksOf(view), asFloats);
  splitPatches(tensors, channelsOf(view));
  const deep = numbersIn(view, "vision.deepstack_visual_indexes") ?? [];
  tensors.rename(
    [/^v\.deepstack_merger\.(\d+)\.(linear_)?/, (_, at = "0") => `v.deepstack.${deep[Number(at)] ?? at}.`],
    ...MERGER,
  );
  tensors.floats("v.position_embd.weight");
}

export const qwen25vl: ClipLayout = {
  architectures: ["qwen25vl"],
  projector: "qwen2.5vl_merger",
  mean: CLIP_MEAN,
  deviation: CLIP_DEVIATION,
  activation: "silu",
  keys: (view) => ({
    num_channels: vision(view, "num_channels"),
    spatial_merge_size: vision(view, "spatial_merge_size"),
    window_size: vision(view, "window_size"),
    feed_forward_length: rows(view, "v.blk.0.ffn_up.weight"),
    n_wa_pattern: u32((numbersIn(view, "vision.fullatt_block_indexes")?.[0] ?? 7) + 1),
    image_size: u32(560),
  }),
  edit(tensors) {
    tensors.rename(
      ["v.merger.ln_q", "v.post_ln"],
      ["v.merger.mlp.", "mm."],
      ["v.patch_embd_0.weight", "v.patch_embd.weight"],
      ["v.patch_embd_1.weight", "v.patch_embd.weight.1"],
    );
    tensors.floats("v.patch_embd.weight", "v.patch_embd.weight.1");
  },
};

export const qwen3vl: ClipLayout = {
  architectures: ["qwen3vl", "qwen3vlmoe"],
  projector: "qwen3vl_merger",
  mean: HALF,
  deviation: HALF,
  activation: "gelu",
  keys(view) {
    const side = Math.floor(Math.sqrt(dimensionIn(view, "v.pos_embed.weight", 1) ?? 0));
    const deep = numbersIn(view, "vision.deepstack_visual_indexes") ?? [];
    return {
      num_channels: u32(channelsOf(view)),
      spatial_merge_size: vision(view, "spatial_merge_size"),
      temporal_patch_size: vision(view, "temporal_patch_size", 2),
      "rope.freq_base": f32(numberIn(view, "vision.rope.freq_base") ?? 10_000),
      feed_forward_length: rows(view, "v.blk.0.mlp.linear_fc1.weight"),
      image_size: u32(side * (numberIn(view, "vision.patch_size") ?? 16)),
      image_mean: visionArray(view, "image_mean"),
      image_std: visionArray(view, "image_std"),
      image_min_pixels: vision(view, "shortest_edge", 65_536),
      image_max_pixels: vision(view, "longest_edge", 16_777_216),
      is_deepstack_layers: bools(Array.from({ length: blocksOf(view) }, (_, block) => deep.includes(block))),
    };
  },
  // Queries and keys may be F16 where values are quantized.
  edit: (tensors, view) => editMerged(tensors, view, true),
};

export const qwen35: ClipLayout = {
  architectures: ["qwen35", "qwen35moe"],
  projector: "qwen3vl_merger",
  mean: HALF,
  deviation: HALF,
  activation: "gelu",
  keys: (view) => ({
    num_channels: u32(channelsOf(view)),
    spatial_merge_size: vision(view, "spatial_merge_size"),
    feed_forward_length: u32(4304),
    image_size: u32(768),
    "attention.layer_norm_epsilon": f32(1e-6),
    is_deepstack_layers: bools(Array.from({ length: blocksOf(view) }, () => false)),
  }),
  edit: (tensors, view) => editMerged(tensors, view, false),
};
