import type { Pair } from "./pairs.ts";
import {
  attention,
  base,
  blockNorms,
  ends,
  FEED_FORWARD,
  HEAD,
  HEADS,
  headNorms,
  KV_HEADS,
  layers,
  mlp,
  projections,
  TIED_STRENGTH,
  tiedEmbeddings,
  WIDTH,
} from "./parts.ts";
import { f32, TinyModel } from "./tiny-model.ts";
import { BPE_SIZE, bpe } from "./tokenizers.ts";
import { normed, VISION, visionBlock, visionKeys } from "./vision.ts";

const { width, feedForward, patch } = VISION;

export function gptoss(random: () => number): Pair {
  const native = base(new TinyModel("gpt-oss", random)).keys({
    expert_count: 4,
    expert_used_count: 2,
    expert_feed_forward_length: 32,
    "attention.sliding_window": 128,
    "rope.scaling.original_context_length": 4096,
    "rope.scaling.type": "yarn",
    "rope.scaling.factor": f32(32),
  });
  const names = ["endoftext", "startoftext", "return", "channel", "start", "end", "message", "call"];
  bpe(
    native,
    "gpt-4o",
    names.map((name) => `<|${name}|>`),
  );
  ends(native);
  for (const layer of layers()) {
    attention(native, layer, { bias: true, outBias: true });
    blockNorms(native, layer, "post_attention_norm");
    native.matrix(`blk.${layer}.attn_sinks.weight`, [HEADS]);
    native
      .matrix(`blk.${layer}.ffn_gate_inp.weight`, [WIDTH, 4])
      .matrix(`blk.${layer}.ffn_gate_inp.bias`, [4]);
    for (const [name, from, to] of [
      ["gate", WIDTH, 32],
      ["up", WIDTH, 32],
      ["down", 32, WIDTH],
    ] as const) {
      native.matrix(`blk.${layer}.ffn_${name}_exps.weight`, [from, to, 4], { type: "Q8_0" });
      native.matrix(`blk.${layer}.ffn_${name}_exps.bias`, [to, 4]);
    }
  }
  const published = native
    .copy()
    .become("gptoss")
    .dropKeys("expert_feed_forward_length", "rope.scaling.type")
    .keys({ "tokenizer.ggml.pre": "default" })
    .rename(".attn_sinks.weight", ".attn_sinks")
    .rename(".post_attention_norm.", ".ffn_norm.")
    .rename(".attn_output.", ".attn_out.");
  return { native, published };
}

export function mistral3(random: () => number): Pair {
  const native = base(new TinyModel("mistral3", random)).keys({
    "rope.scaling.type": "yarn",
    "rope.dimension_count": HEAD,
    "rope.scaling.original_context_length": 1024,
    vocab_size: BPE_SIZE,
    "rope.freq_base": f32(1_000_000),
    "rope.scaling.factor": f32(4),
    "rope.scaling.yarn_beta_fast": f32(32),
    "rope.scaling.yarn_beta_slow": f32(1),
    "rope.scaling.yarn_log_multiplier": f32(1),
    "attention.temperature_scale": f32(0.1),
  });
  bpe(native, "tekken", ["</s>", "<s>", "[INST]", "[/INST]", "[IMG]", "[IMG_BREAK]", "[IMG_END]"]);
  ends(native);
  for (const layer of layers()) {
    attention(native, layer);
    mlp(native, layer);
  }
  const published = native
    .copy()
    .renameKey("rope.scaling.yarn_beta_fast", "rope.scaling.beta_fast")
    .renameKey("rope.scaling.yarn_beta_slow", "rope.scaling.beta_slow")
    .renameKey("rope.scaling.yarn_log_multiplier", "rope.scaling.mscale_all_dim")
    .renameKey("attention.temperature_scale", "rope.scaling_beta")
    .keys({
      ...visionKeys(),
      "tokenizer.ggml.pre": "default",
      "vision.feed_forward_length": feedForward,
      "vision.attention.key_length": width / VISION.heads,
      "vision.image_size": 32,
      "vision.num_channels": 3,
      "vision.rope.freq_base": f32(10_000),
      image_token_index: 270,
      spatial_merge_size: 2,
    });
  mistral3Vision(published);
  return { native, published };
}

function mistral3Vision(model: TinyModel): void {
  model.matrix("v.patch_conv.weight", [patch, patch, 3, width], { type: "F16" });
  normed(model, "v.encoder_norm", false);
  const names = {
    out: "attn_output",
    norms: ["attn_norm", "ffn_norm"] as [string, string],
    up: "ffn_up",
    down: "ffn_down",
  };
  visionBlock(model, "v.blk.0.", names, { bias: false, normBias: false });
  model.matrix("v.blk.0.ffn_gate.weight", [width, feedForward], { type: "F16" });
  model.matrix("mm.linear_1.weight", [width, WIDTH], { type: "F16" });
  model.matrix("mm.linear_2.weight", [WIDTH, WIDTH], { type: "F16" });
  normed(model, "mm.norm", false);
  model.matrix("mm.patch_merger.merging_layer.weight", [width * 4, width], { type: "F16" });
}

export function glmocr(random: () => number): Pair {
  const published = base(new TinyModel("glmocr", random)).keys({
    ...visionKeys(),
    "rope.mrope_section": [2, 3, 3],
    "vision.image_size": 16,
    "vision.spatial_merge_size": 2,
    "vision.out_hidden_size": WIDTH,
    "vision.intermediate_size": feedForward,
  });
  bpe(published, "llama-bpe", [
    "<|endoftext|>",
    "[gMASK]",
    "<sop>",
    "<|user|>",
    "<|assistant|>",
    "<|image|>",
  ]);
  ends(published);
  for (const layer of layers()) {
    attention(published, layer);
    blockNorms(published, layer, "ffn_norm", "post_attention_norm", "post_ffw_norm");
    projections(published, `blk.${layer}.`, "F16");
  }
  const native = published
    .copy()
    .become("glm4")
    .dropKeys("rope.mrope_section", ...Object.keys(visionKeys()))
    .keys({
      "rope.dimension_count": HEAD,
      "rope.dimension_sections": [2, 3, 3, 0],
      "tokenizer.ggml.pre": "chatglm-bpe",
    });
  for (const layer of layers()) {
    const gate = native.take(`blk.${layer}.ffn_gate.weight`).values;
    const up = native.weights(`blk.${layer}.ffn_up.weight`).values;
    const both = Float32Array.of(...gate, ...up);
    native.tensor(`blk.${layer}.ffn_up.weight`, [WIDTH, 2 * FEED_FORWARD], both, "F16");
  }
  published
    .rename(".attn_output.", ".attn_out.")
    .rename(".post_attention_norm.", ".post_attn_norm.")
    .rename(".post_ffw_norm.", ".post_ffn_norm.")
    .matrix("v.patch_embd_0.weight", [patch, patch, 3, width], { type: "F16" })
    .matrix("mm.model.fc.weight", [width, WIDTH], { type: "F16" });
  return { native, published };
}

/** A block with a short convolution, and one with attention. */
export function lfm2(random: () => number): Pair {
  const native = base(new TinyModel("lfm2", random), { lengths: false }).keys({
    "attention.head_count_kv": [0, KV_HEADS],
    "shortconv.l_cache": 3,
    vocab_size: BPE_SIZE,
    "rope.freq_base": f32(1_000_000),
  });
  bpe(native, "lfm2", ["<|endoftext|>", "<|startoftext|>", "<|im_start|>", "<|im_end|>"]);
  tiedEmbeddings(native, BPE_SIZE).strongNorm("token_embd_norm.weight", WIDTH, TIED_STRENGTH);
  blockNorms(native, 0, "attn_norm");
  native.matrix("blk.0.shortconv.conv.weight", [3, WIDTH]);
  native.matrix("blk.0.shortconv.in_proj.weight", [WIDTH, 3 * WIDTH]);
  native.matrix("blk.0.shortconv.out_proj.weight", [WIDTH, WIDTH]);
  mlp(native, 0);
  attention(native, 1);
  headNorms(native, 1);
  mlp(native, 1);
  const published = native
    .copy()
    .rename(/^token_embd_norm\./, "output_norm.")
    .keys({ feed_forward_length: FEED_FORWARD + 32, "tokenizer.ggml.pre": "default" });
  return { native, published };
}

export function olmo3(random: () => number): Pair {
  const native = base(new TinyModel("olmo2", random), { lengths: false }).keys({
    "attention.sliding_window": 32,
    "attention.sliding_window_pattern": { type: "array", of: "bool", value: [1, 0] },
    "rope.freq_base": f32(500_000),
  });
  bpe(native, "dbrx", ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]);
  ends(native);
  for (const layer of layers()) {
    const prefix = `blk.${layer}.`;
    attention(native, layer);
    native.take(`${prefix}attn_norm.weight`);
    native.norm(`${prefix}attn_q_norm.weight`, WIDTH).norm(`${prefix}attn_k_norm.weight`, KV_HEADS * HEAD);
    blockNorms(native, layer, "post_attention_norm", "post_ffw_norm");
    projections(native, prefix);
  }
  return { native, published: native.copy().become("olmo3") };
}
