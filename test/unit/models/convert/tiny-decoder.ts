import { type TinyBert, type TinyTensor, tensorOf } from "./tiny-bert.ts";
import { tokenizerModel } from "./tiny-sentencepiece.ts";

/** A decoder's folder in miniature: a parsed config, a tokenizer and tensors, for tests to change. */
export type TinyModel = TinyBert;

export const WIDTH = 8;
const HEADS = 2;
export const HEAD_SIZE = 4;
const FEED_FORWARD = 6;
const LAYERS = 2;

/** Tokens of both tokenizers: three special ones, letters, a merge, and one row of the embedding that no token uses. */
export const VOCABULARY = 10;
const TOKENS = ["<|end|>", "<s>", "</s>", "a", "b", "c", "\u0120", "ab", "d"];

const TIKTOKEN_WORDS =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** Config of a llama with one key-value head for two heads. */
function tinyConfig(architecture: string): Record<string, unknown> {
  return {
    architectures: [architecture],
    hidden_act: "silu",
    hidden_size: WIDTH,
    intermediate_size: FEED_FORWARD,
    max_position_embeddings: 32,
    num_attention_heads: HEADS,
    num_hidden_layers: LAYERS,
    num_key_value_heads: 1,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    vocab_size: VOCABULARY,
  };
}

/** A tokenizer.json of Llama 3's kind. */
export function tinyBytePairs(): Record<string, unknown> {
  const split = { type: "Split", pattern: { Regex: TIKTOKEN_WORDS }, behavior: "Isolated", invert: false };
  return {
    added_tokens: TOKENS.slice(0, 3).map((content, id) => ({ id, content, special: id > 0 })),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [split, { type: "ByteLevel", add_prefix_space: false, use_regex: false }],
    },
    model: {
      type: "BPE",
      ignore_merges: true,
      vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id])),
      merges: ["a b"],
    },
  };
}

/** The three files of a SentencePiece tokenizer in one. */
export function tinyPieces(): Uint8Array {
  return tokenizerModel([
    ["<unk>", 0, 2],
    ["<s>", 0, 3],
    ["</s>", 0, 3],
    ["<0x0A>", 0, 6],
    ["\u2581a", -1, 1],
    ["b", -2, 1],
  ]);
}

export interface DecoderVariant {
  prefix?: string;
  norms?: string[];
  /** Projections with a bias. */
  biased?: string[];
  headNorms?: boolean;
  head?: boolean;
}

/** Tensors under Hugging Face's names, each of values of its own. */
export function decoderWeights(variant: DecoderVariant = {}): Map<string, TinyTensor> {
  const { prefix = "model.", norms = ["input_layernorm", "post_attention_layernorm"], head = true } = variant;
  const shapes: [string, number[]][] = [
    [`${prefix}embed_tokens.weight`, [VOCABULARY, WIDTH]],
    [`${prefix}norm.weight`, [WIDTH]],
  ];
  if (head) shapes.push(["lm_head.weight", [VOCABULARY, WIDTH]]);
  const linears: [string, number, number][] = [
    ["self_attn.q_proj", HEADS * HEAD_SIZE, WIDTH],
    ["self_attn.k_proj", HEAD_SIZE, WIDTH],
    ["self_attn.v_proj", HEAD_SIZE, WIDTH],
    ["self_attn.o_proj", WIDTH, HEADS * HEAD_SIZE],
    ["mlp.gate_proj", FEED_FORWARD, WIDTH],
    ["mlp.up_proj", FEED_FORWARD, WIDTH],
    ["mlp.down_proj", WIDTH, FEED_FORWARD],
  ];
  for (let layer = 0; layer < LAYERS; layer++) {
    const of = (name: string, ...shape: number[]) => shapes.push([`${prefix}layers.${layer}.${name}`, shape]);
    for (const name of norms) of(`${name}.weight`, WIDTH);
    for (const [name, outputs, inputs] of linears) {
      of(`${name}.weight`, outputs, inputs);
      if (variant.biased?.includes(name)) of(`${name}.bias`, outputs);
    }
    if (variant.headNorms) for (const name of ["q_norm", "k_norm"]) of(`self_attn.${name}.weight`, HEAD_SIZE);
  }
  return new Map(shapes.map(([name, shape], index) => [name, tensorOf("F32", shape, index)]));
}

/** A llama with byte-pair tokens. */
export function tinyDecoder(architecture: string, variant: DecoderVariant = {}): TinyModel {
  const settings = { bos_token: "<s>", eos_token: { content: "</s>" }, chat_template: "{{ messages }}" };
  return {
    config: tinyConfig(architecture),
    tokenizer: tinyBytePairs(),
    tensors: decoderWeights(variant),
    files: { "tokenizer_config.json": JSON.stringify(settings) },
  };
}

const GEMMA_NORMS = [
  "input_layernorm",
  "post_attention_layernorm",
  "pre_feedforward_layernorm",
  "post_feedforward_layernorm",
];

/** @param sees with a vision part, and the text part where such models have it. Its tensors' `prefix` differs by version. */
export function tinyGemma(options: { sees?: boolean; prefix?: string } = {}): TinyModel {
  const { sees = false } = options;
  const prefix = options.prefix ?? (sees ? "model.language_model." : "model.");
  const variant = { prefix, norms: GEMMA_NORMS, headNorms: true, head: false };
  const { config: llama, ...model } = tinyDecoder("Gemma3ForCausalLM", variant);
  const { hidden_act: _, rope_theta: __, ...shape } = llama;
  const config = {
    ...shape,
    head_dim: HEAD_SIZE,
    query_pre_attn_scalar: HEAD_SIZE,
    sliding_window: 16,
    hidden_activation: "gelu_pytorch_tanh",
  };
  model.files["tokenizer.model"] = tinyPieces();
  if (!sees) return { ...model, config };
  model.tensors.set("vision_tower.vision_model.embeddings.patch_embedding.weight", tensorOf("F32", [2, 2]));
  model.tensors.set("model.multi_modal_projector.mm_input_projection_weight", tensorOf("F32", [2, 2]));
  return {
    ...model,
    config: { architectures: ["Gemma3ForConditionalGeneration"], text_config: config, vision_config: {} },
  };
}
