import type { Pair } from "./pairs.ts";
import {
  attention,
  base,
  blockNorms,
  ends,
  HEAD,
  layers,
  mlp,
  TIED_STRENGTH,
  tiedEmbeddings,
  WIDTH,
} from "./parts.ts";
import { f32, TinyModel } from "./tiny-model.ts";
import { bpe, bpeKeys, bpeTexts } from "./tokenizers.ts";
import { normed, VISION, visionBlock, visionKeys } from "./vision.ts";

const { width, feedForward, patch } = VISION;

const LLAMA3 = { texts: 128_000, size: 128_256, endOfText: 128_001, endOfTurn: 128_009 } as const;

/** Its marks are numbers of tokens, so that its vocabulary is as long as the real one. */
export function llama3(random: () => number): Pair {
  const native = base(new TinyModel("llama", random), { lengths: false, layers: 1 }).keys({
    "rope.dimension_count": HEAD,
    vocab_size: LLAMA3.size,
    "rope.freq_base": f32(500_000),
  });
  const specials: Record<number, string> = {
    0: "begin_of_text",
    1: "end_of_text",
    6: "start_header_id",
    9: "eot_id",
  };
  const tokens = bpeTexts();
  while (tokens.length < LLAMA3.texts) tokens.push(`t${tokens.length}`);
  for (let id = 0; id < 256; id++) tokens.push(`<|${specials[id] ?? `reserved_special_token_${id}`}|>`);
  bpeKeys(
    native,
    "llama-bpe",
    tokens,
    tokens.map((_, id) => (id < LLAMA3.texts ? 1 : 3)),
  );
  native.keys({
    "tokenizer.ggml.add_bos_token": false,
    "tokenizer.ggml.bos_token_id": LLAMA3.texts,
    "tokenizer.ggml.eos_token_id": LLAMA3.endOfTurn,
    "tokenizer.ggml.eot_token_id": LLAMA3.endOfTurn,
    "tokenizer.ggml.eos_token_ids": [LLAMA3.endOfTurn],
  });
  tiedEmbeddings(native, LLAMA3.size, "Q8_0").strongNorm("output_norm.weight", WIDTH, TIED_STRENGTH);
  attention(native, 0);
  mlp(native, 0);
  const published = native
    .copy()
    .dropKeys("tokenizer.ggml.pre", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eos_token_ids")
    .keys({ "tokenizer.ggml.eos_token_id": LLAMA3.endOfText });
  return { native, published };
}

/** The fourth layer is the first one without RoPE, and with it comes the attention's temperature. */
export function llama4(random: () => number): Pair {
  const native = base(new TinyModel("llama4", random), { layers: 4 }).keys({
    expert_count: 2,
    expert_used_count: 1,
    expert_feed_forward_length: 32,
    interleave_moe_layer_step: 1,
    "rope.dimension_count": HEAD,
    "rope.freq_base": f32(500_000),
  });
  bpe(native, "llama4", ["<|end_of_text|>", "<|begin_of_text|>", "<|eot|>", "<|header_start|>"]);
  ends(native);
  native.norm("rope_freqs.weight", HEAD / 2);
  for (const layer of layers(4)) {
    attention(native, layer);
    blockNorms(native, layer, "ffn_norm");
    native.matrix(`blk.${layer}.ffn_gate_inp.weight`, [WIDTH, 2]);
    for (const [name, from, to] of [
      ["gate", WIDTH, 32],
      ["up", WIDTH, 32],
      ["down", 32, WIDTH],
    ] as const) {
      native.matrix(`blk.${layer}.ffn_${name}_exps.weight`, [from, to, 2], { type: "Q8_0" });
      native.matrix(`blk.${layer}.ffn_${name}_shexp.weight`, [from, to]);
    }
  }
  const published = native.copy().keys({
    ...visionKeys(),
    "vision.feed_forward_length": feedForward,
    "vision.image_size": 16,
    "attention.chunk_size": 8192,
    "vision.rope.freq_base": f32(10_000),
    "vision.layer_norm_epsilon": f32(1e-5),
    "vision.pixel_shuffle_ratio": f32(0.5),
    use_qk_norm: true,
  });
  llama4Vision(published);
  return { native, published };
}

function llama4Vision(model: TinyModel): void {
  model.matrix("v.patch_embedding.weight", [3 * patch * patch, width], { type: "F16" });
  model.matrix("v.class_embedding", [width]);
  model.matrix("v.positional_embedding_vlm", [width, 17]);
  for (const name of ["layernorm_pre", "layernorm_post"]) normed(model, `v.${name}`);
  visionBlock(model, "v.blk.0.", {
    out: "attn_output",
    norms: ["attn_norm", "ffn_norm"],
    up: "mlp.fc1",
    down: "mlp.fc2",
  });
  model.matrix("v.vision_adapter.mlp.fc1.weight", [width * 4, width], { type: "F16" });
  model.matrix("v.vision_adapter.mlp.fc2.weight", [width, width], { type: "F16" });
  model.matrix("mm.linear_1.weight", [width, WIDTH], { type: "F16" });
}
