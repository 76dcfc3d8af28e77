import type { Pair } from "./pairs.ts";
import { attention, base, blockNorms, ends, HEAD, headNorms, KV_HEADS, layers, mlp, WIDTH } from "./parts.ts";
import { f32, TinyModel } from "./tiny-model.ts";
import { BPE_SIZE, bpe, SPM_SIZE, spm } from "./tokenizers.ts";
import { normed, VISION, visionBlock, visionKeys } from "./vision.ts";

const epsilon = { "vision.attention.layer_norm_epsilon": f32(1e-6) };

export function gemma3(random: () => number): Pair {
  const native = base(new TinyModel("gemma3", random)).keys({
    context_length: 131_072,
    "attention.sliding_window": 32,
    "rope.freq_base": f32(1_000_000),
    "rope.freq_base_swa": f32(10_000),
    "rope.scaling.type": "linear",
    "rope.scaling.factor": f32(8),
  });
  spm(native);
  gemmaBlocks(native);
  const published = native
    .copy()
    .dropKeys("attention.layer_norm_rms_epsilon", "rope.freq_base", "rope.freq_base_swa")
    .dropKeys("rope.scaling.type", "rope.scaling.factor");
  spm(published, ["<image_soft_token>", "<start_of_image>", "<end_of_image>", "<extra>"]);
  published.keys({
    ...visionKeys(),
    ...epsilon,
    "mm.tokens_per_image": 1,
    "vision.feed_forward_length": VISION.feedForward,
    "vision.image_size": 16,
    "vision.num_channels": 3,
  });
  gemma3Vision(published);
  return { native, published };
}

function gemmaBlocks(model: TinyModel, count?: number): void {
  ends(model, { size: SPM_SIZE, tied: true });
  for (const layer of layers(count)) {
    attention(model, layer);
    headNorms(model, layer);
    blockNorms(model, layer, "post_attention_norm", "post_ffw_norm");
    mlp(model, layer);
  }
}

function gemma3Vision(model: TinyModel): void {
  const { width, patch } = VISION;
  model.matrix("v.patch_embedding.weight", [patch, patch, 3, width], { type: "F16" });
  model.matrix("v.patch_embedding.bias", [width]);
  model.matrix("v.position_embedding.weight", [width, 16], { type: "F16" });
  normed(model, "v.post_layernorm");
  visionBlock(model, "v.blk.0.", {
    out: "attn_output",
    norms: ["layer_norm1", "layer_norm2"],
    up: "mlp.fc1",
    down: "mlp.fc2",
  });
  model.matrix("mm.mm_input_projection.weight", [WIDTH, width], { type: "F16" });
  model.norm("mm.mm_soft_emb_norm.weight", width);
}

/** Every sixth block sees the whole text, and llama.cpp aborts where there is none that does. */
const EMBEDDING_LAYERS = 6;

/** Pools by the mean, and has two dense layers behind that. */
export function embeddingGemma(random: () => number): Pair {
  const native = base(new TinyModel("gemma-embedding", random), { layers: EMBEDDING_LAYERS }).keys({
    pooling_type: 1,
    "attention.sliding_window": 32,
    "rope.freq_base": f32(1_000_000),
    "rope.freq_base_swa": f32(10_000),
    dense_2_feat_in: WIDTH,
    dense_2_feat_out: 96,
    dense_3_feat_in: 96,
    dense_3_feat_out: WIDTH,
  });
  spm(native);
  gemmaBlocks(native, EMBEDDING_LAYERS);
  native.matrix("dense_2.weight", [WIDTH, 96]).matrix("dense_3.weight", [96, WIDTH]);
  const published = native
    .copy()
    .dropKeys(
      "rope.freq_base_swa",
      "dense_2_feat_in",
      "dense_2_feat_out",
      "dense_3_feat_in",
      "dense_3_feat_out",
    )
    .become("gemma3")
    .keys({ "attention.causal": false, "attention.sliding_window_pattern": [1, 0] })
    .rename("dense_2.weight", "dense.0.weight")
    .rename("dense_3.weight", "dense.1.weight")
    .rename(/^output_norm\.weight$/, "norm.weight");
  return { native, published };
}

/** Lengths that llama.cpp's gemma3n takes for granted. */
const N = { perLayer: 256, altup: 4, rank: 64 } as const;
const MEDIA_TOKENS = 16;

export function gemma3n(random: () => number): Pair {
  const native = base(new TinyModel("gemma3n", random), { layers: 1 }).keys({
    "attention.sliding_window": 32,
    "attention.shared_kv_layers": 0,
    embedding_length_per_layer_input: N.perLayer,
    "rope.freq_base": f32(1_000_000),
    "rope.freq_base_swa": f32(10_000),
    "tokenizer.ggml.eos_token_ids": [1, 106],
  });
  spm(native);
  gemma3nWeights(native);
  const published = native.copy().dropKeys("tokenizer.ggml.eos_token_ids");
  const extra = Array.from({ length: MEDIA_TOKENS }, (_, index) => `<audio_${index}>`);
  spm(published, extra);
  published.keys({ "tokenizer.ggml.model": "gpt2", ...wrongTypes(published) });
  const { values, type } = published.weights("token_embd.weight");
  const longer = new Float32Array(values.length + MEDIA_TOKENS * WIDTH).fill(0.01);
  longer.set(values);
  published.tensor("token_embd.weight", [WIDTH, SPM_SIZE + MEDIA_TOKENS], longer, type);
  return { native, published };
}

function gemma3nWeights(model: TinyModel): void {
  const { perLayer, altup, rank } = N;
  ends(model, { size: SPM_SIZE, tied: true });
  model.matrix("per_layer_token_embd.weight", [perLayer, SPM_SIZE]);
  model.matrix("per_layer_model_proj.weight", [WIDTH, perLayer]);
  model.norm("per_layer_proj_norm.weight", perLayer);
  for (const name of ["altup_proj", "altup_unembd_proj"]) {
    model.matrix(`${name}.weight`, [WIDTH, WIDTH, altup - 1]);
  }
  attention(model, 0);
  mlp(model, 0);
  headNorms(model, 0);
  blockNorms(model, 0, "post_attention_norm", "post_ffw_norm", "post_norm");
  blockNorms(model, 0, "altup_correct_scale", "altup_router_norm", "laurel_post_norm");
  for (const [name, from, to] of [
    ["inp_gate", WIDTH, perLayer],
    ["proj", perLayer, WIDTH],
    ["altup_router", WIDTH, altup],
    ["laurel_l", WIDTH, rank],
    ["laurel_r", rank, WIDTH],
    ["altup_correct_coef", altup, altup],
    ["altup_predict_coef", altup, altup * altup],
  ] as const) {
    model.matrix(`blk.0.${name}.weight`, [from, to]);
  }
}

/** Published files call bytes ordinary tokens, and those kept in reserve control tokens. */
function wrongTypes(model: TinyModel): { "tokenizer.ggml.token_type": number[] } {
  const tokens = model.valueOf("tokenizer.ggml.tokens");
  const types = model.valueOf("tokenizer.ggml.token_type");
  if (tokens?.type !== "array" || tokens.of !== "string" || types?.type !== "array" || types.of !== "int32") {
    throw new Error("the model has no vocabulary");
  }
  const texts = [...tokens.value];
  const wrong = Array.from(types.value, (type, id) =>
    texts[id]?.startsWith("<unused") ? 3 : type === 6 ? 1 : type,
  );
  return { "tokenizer.ggml.token_type": wrong };
}

/** Lengths of gemma4's per-layer embeddings, of a head with global attention, and of an expert. */
const FOUR = { perLayer: 16, globalHead: 32, expert: 32, experts: 4 } as const;

export function gemma4(random: () => number): Pair {
  const { perLayer, globalHead, expert, experts } = FOUR;
  const native = base(new TinyModel("gemma4", random), { lengths: false }).keys({
    "attention.key_length": globalHead,
    "attention.value_length": globalHead,
    "attention.key_length_swa": HEAD,
    "attention.value_length_swa": HEAD,
    "attention.sliding_window": 32,
    "attention.shared_kv_layers": 0,
    "attention.sliding_window_pattern": { type: "array", of: "bool", value: [1, 0] },
    "rope.dimension_count": globalHead,
    "rope.dimension_count_swa": HEAD,
    embedding_length_per_layer_input: perLayer,
    expert_count: experts,
    expert_used_count: 2,
    expert_feed_forward_length: expert,
    "rope.freq_base": f32(1_000_000),
    "rope.freq_base_swa": f32(10_000),
    final_logit_softcapping: f32(30),
  });
  bpe(native, "gemma4", ["<eos>", "<bos>", "<|turn>", "<turn|>", "<|channel>", "<channel|>"], "gemma4");
  gemma4Weights(native);
  const published = native
    .copy()
    .keys({
      "tokenizer.ggml.model": "llama",
      ...visionKeys(),
      ...epsilon,
      "vision.feed_forward_length": VISION.feedForward,
      "vision.num_channels": 3,
    })
    .rename(/ffn_down_exps\.scale$/, "ffn_gate_inp.per_expert_scale");
  gemma4Vision(published);
  return { native, published };
}

function gemma4Weights(model: TinyModel): void {
  const { perLayer, globalHead, expert, experts } = FOUR;
  ends(model, { tied: true });
  const slow = Float32Array.from({ length: globalHead / 2 }, (_, index) => (index < 4 ? 1 : 1e30));
  model.tensor("rope_freqs.weight", [globalHead / 2], slow);
  model.matrix("per_layer_token_embd.weight", [perLayer * layers().length, BPE_SIZE]);
  model.matrix("per_layer_model_proj.weight", [WIDTH, perLayer * layers().length]);
  model.norm("per_layer_proj_norm.weight", perLayer);
  for (const layer of layers()) {
    const head = layer === 0 ? HEAD : globalHead;
    const prefix = `blk.${layer}.`;
    attention(model, layer, { head, kvHeads: KV_HEADS });
    headNorms(model, layer, head);
    mlp(model, layer);
    blockNorms(model, layer, "post_attention_norm", "post_ffw_norm", "pre_ffw_norm_2", "post_norm");
    blockNorms(model, layer, "post_ffw_norm_1", "post_ffw_norm_2");
    model.norm(`${prefix}layer_output_scale.weight`, 1);
    model.matrix(`${prefix}inp_gate.weight`, [WIDTH, perLayer]);
    model.matrix(`${prefix}proj.weight`, [perLayer, WIDTH]);
    model.matrix(`${prefix}ffn_gate_inp.weight`, [WIDTH, experts]);
    model.norm(`${prefix}ffn_gate_inp.scale`, WIDTH);
    model.matrix(`${prefix}ffn_gate_exps.weight`, [WIDTH, expert, experts], { type: "Q8_0" });
    model.matrix(`${prefix}ffn_up_exps.weight`, [WIDTH, expert, experts], { type: "Q8_0" });
    model.matrix(`${prefix}ffn_down_exps.weight`, [expert, WIDTH, experts], { type: "Q8_0" });
    model.norm(`${prefix}ffn_down_exps.scale`, experts);
  }
}

function gemma4Vision(model: TinyModel): void {
  const { width, feedForward, heads, patch } = VISION;
  model.matrix("v.patch_embd.weight", [patch, patch, 3, width], { type: "F16" });
  model.matrix("v.position_embd.weight", [width, 64, 2], { type: "F16" });
  const names = {
    out: "attn_out",
    norms: ["ln1", "ln2"] as [string, string],
    up: "ffn_up",
    down: "ffn_down",
  };
  visionBlock(model, "v.blk.0.", names, { bias: false, normBias: false });
  model.matrix("v.blk.0.ffn_gate.weight", [width, feedForward], { type: "F16" });
  for (const name of ["attn_q_norm", "attn_k_norm"]) model.norm(`v.blk.0.${name}.weight`, width / heads);
  for (const name of ["attn_post_norm", "ffn_post_norm"]) normed(model, `v.blk.0.${name}`, false);
  model.matrix("mm.input_projection.weight", [width, WIDTH], { type: "F16" });
  model.matrix("a.conv1d.0.weight", [3, 3, 1, 8]);
}
