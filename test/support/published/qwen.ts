import type { Pair } from "./pairs.ts";
import {
  attention,
  base,
  ends,
  HEAD,
  HEADS,
  headNorms,
  KV_HEADS,
  layers,
  mlp,
  projections,
  WIDTH,
} from "./parts.ts";
import { f32, TinyModel } from "./tiny-model.ts";
import { bpe } from "./tokenizers.ts";
import { normed, VISION, visionBlock, visionKeys } from "./vision.ts";

const SPECIALS = [
  "<|endoftext|>",
  "<|im_start|>",
  "<|im_end|>",
  "<|vision_start|>",
  "<|vision_end|>",
  "<|image_pad|>",
];
const { width, feedForward, patch } = VISION;

export function qwen25vl(random: () => number): Pair {
  const native = base(new TinyModel("qwen2vl", random), { lengths: false }).keys({
    "rope.freq_base": f32(1_000_000),
    "rope.dimension_sections": [2, 3, 3, 0],
  });
  bpe(native, "qwen2", SPECIALS);
  ends(native);
  for (const layer of layers()) {
    attention(native, layer, { bias: true });
    mlp(native, layer);
  }
  const published = native.copy().become("qwen25vl").dropKeys("rope.dimension_sections");
  published.keys({
    ...visionKeys(2),
    "rope.mrope_section": [2, 3, 3],
    "vision.num_channels": 3,
    "vision.spatial_merge_size": 2,
    "vision.spatial_patch_size": patch,
    "vision.window_size": 16,
    "vision.temporal_patch_size": 2,
    "vision.attention.layer_norm_epsilon": f32(1e-6),
    "vision.rope.freq_base": f32(10_000),
    "vision.fullatt_block_indexes": [1],
  });
  qwen25Vision(published);
  return { native, published };
}

function qwen25Vision(model: TinyModel): void {
  for (const half of [0, 1]) {
    model.matrix(`v.patch_embd_${half}.weight`, [patch, patch, 3, width], { type: "F16" });
  }
  for (const block of [0, 1]) {
    const prefix = `v.blk.${block}.`;
    const names = {
      out: "attn_out",
      norms: ["ln1", "ln2"] as [string, string],
      up: "ffn_up",
      down: "ffn_down",
    };
    visionBlock(model, prefix, names, { normBias: false });
    model.matrix(`${prefix}ffn_gate.weight`, [width, feedForward], { type: "F16" });
    model.matrix(`${prefix}ffn_gate.bias`, [feedForward]);
  }
  normed(model, "v.merger.ln_q", false);
  model.matrix("v.merger.mlp.0.weight", [width * 4, width * 4], { type: "F16" });
  model.matrix("v.merger.mlp.0.bias", [width * 4]);
  model.matrix("v.merger.mlp.2.weight", [width * 4, WIDTH], { type: "F16" });
  model.matrix("v.merger.mlp.2.bias", [WIDTH]);
}

const VL = { head: 128, heads: 2, kvHeads: 1 } as const;

export function qwen3vl(random: () => number): Pair {
  const native = base(new TinyModel("qwen3vl", random), VL).keys({
    "rope.freq_base": f32(5_000_000),
    n_deepstack_layers: 1,
    "rope.dimension_sections": [24, 20, 20, 0],
  });
  bpe(native, "qwen2", SPECIALS);
  ends(native, { tied: true });
  for (const layer of layers()) {
    attention(native, layer, VL);
    headNorms(native, layer, VL.head);
    mlp(native, layer);
  }
  const half: [number, number, number] = [0.5, 0.5, 0.5];
  const published = native.copy().dropKeys("rope.dimension_sections", "n_deepstack_layers");
  published.keys({
    ...visionKeys(),
    "vision.num_channels": 3,
    "vision.spatial_merge_size": 2,
    "vision.temporal_patch_size": 2,
    "vision.shortest_edge": 64,
    "vision.longest_edge": 4096,
    "vision.attention.layer_norm_epsilon": f32(1e-6),
    "vision.rope.freq_base": f32(10_000),
    "vision.deepstack_visual_indexes": [0],
    "vision.image_mean": { type: "array", of: "float32", value: half },
    "vision.image_std": { type: "array", of: "float32", value: half },
  });
  qwen3Vision(published);
  return { native, published };
}

function qwen3Vision(model: TinyModel): void {
  model.matrix("v.patch_embed.weight", [patch, patch, 2, width * 3], { type: "F16" });
  model.matrix("v.patch_embed.bias", [width]);
  model.matrix("v.pos_embed.weight", [width, 16], { type: "F16" });
  visionBlock(model, "v.blk.0.", {
    out: "attn_out",
    norms: ["norm1", "norm2"],
    up: "mlp.linear_fc1",
    down: "mlp.linear_fc2",
  });
  // As published: queries and keys are halves, values quantized.
  model.matrix("v.blk.0.attn_v.weight", [width, width], { type: "Q8_0" });
  for (const [prefix, size] of [
    ["v.merger.", width],
    ["v.deepstack_merger.0.", width * 4],
  ] as const) {
    model.norm(`${prefix}norm.weight`, size);
    model.matrix(`${prefix}norm.bias`, [size]);
    model.matrix(`${prefix}linear_fc1.weight`, [width * 4, width * 4], { type: "Q8_0" });
    model.matrix(`${prefix}linear_fc1.bias`, [width * 4]);
    model.matrix(`${prefix}linear_fc2.weight`, [width * 4, WIDTH], { type: "Q8_0" });
    model.matrix(`${prefix}linear_fc2.bias`, [WIDTH]);
  }
}

/** Lengths of qwen35's state space: a state, groups of keys, and heads of values. */
const SSM = { state: 16, groups: 2, heads: 4 } as const;

/** A block with a state space, and one with attention. */
export function qwen35(random: () => number): Pair {
  const inner = SSM.state * SSM.heads;
  const native = base(new TinyModel("qwen35", random)).keys({
    "ssm.conv_kernel": 4,
    "ssm.inner_size": inner,
    "ssm.state_size": SSM.state,
    "ssm.group_count": SSM.groups,
    "ssm.time_step_rank": SSM.heads,
    full_attention_interval: 2,
    "rope.dimension_count": HEAD,
    "rope.dimension_sections": [2, 3, 3, 0],
    "rope.freq_base": f32(10_000_000),
  });
  bpe(native, "qwen35", ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|image_pad|>"]);
  ends(native);
  stateSpace(native, inner);
  gatedAttention(native, "blk.1.");
  const published = native
    .copy()
    .rename(/\.ssm_dt\.bias$/, ".ssm_dt")
    .keys({
      ...visionKeys(),
      "attention.head_count_kv": { type: "array", of: "uint32", value: [0, KV_HEADS] },
      "rope.dimension_sections": [2, 3, 3],
      "rope.mrope_interleaved": true,
      image_token_id: 266,
      "vision.num_channels": 3,
      "vision.spatial_merge_size": 2,
    });
  qwen35Extras(published);
  return { native, published };
}

function stateSpace(model: TinyModel, inner: number): void {
  const wide = 2 * SSM.state * SSM.groups + inner;
  const prefix = "blk.0.";
  model.norm(`${prefix}attn_norm.weight`, WIDTH).norm(`${prefix}post_attention_norm.weight`, WIDTH);
  model.matrix(`${prefix}attn_qkv.weight`, [WIDTH, wide]);
  model.matrix(`${prefix}attn_gate.weight`, [WIDTH, inner]);
  model.matrix(`${prefix}ssm_conv1d.weight`, [4, wide]);
  model.matrix(`${prefix}ssm_dt.bias`, [SSM.heads]);
  model.tensor(`${prefix}ssm_a`, [SSM.heads], Float32Array.of(-0.9, -1, -1.1, -0.8));
  model.matrix(`${prefix}ssm_beta.weight`, [WIDTH, SSM.heads]);
  model.matrix(`${prefix}ssm_alpha.weight`, [WIDTH, SSM.heads]);
  model.norm(`${prefix}ssm_norm.weight`, SSM.state);
  model.matrix(`${prefix}ssm_out.weight`, [inner, WIDTH]);
  projections(model, prefix);
}

/** Attention whose queries come with a gate. */
function gatedAttention(model: TinyModel, prefix: string): void {
  model.norm(`${prefix}attn_norm.weight`, WIDTH).norm(`${prefix}post_attention_norm.weight`, WIDTH);
  model.matrix(`${prefix}attn_q.weight`, [WIDTH, 2 * HEADS * HEAD]);
  for (const name of ["k", "v"]) model.matrix(`${prefix}attn_${name}.weight`, [WIDTH, KV_HEADS * HEAD]);
  model.matrix(`${prefix}attn_output.weight`, [HEADS * HEAD, WIDTH]);
  for (const name of ["q", "k"]) model.norm(`${prefix}attn_${name}_norm.weight`, HEAD);
  projections(model, prefix);
}

function qwen35Extras(model: TinyModel): void {
  gatedAttention(model, "mtp.layers.0.");
  model.matrix("mtp.fc.weight", [2 * WIDTH, WIDTH]);
  for (const name of ["pre_fc_norm_embedding", "pre_fc_norm_hidden", "norm"]) {
    model.matrix(`mtp.${name}.weight`, [WIDTH]);
  }
  model.matrix("v.patch_embed.weight", [patch, patch, 2, width * 3], { type: "F16" });
  model.matrix("v.pos_embed.weight", [width, 16], { type: "F16" });
  model.matrix("v.merger.linear_fc2.weight", [width * 4, WIDTH], { type: "F16" });
}
