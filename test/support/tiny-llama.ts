import { encodeFloats } from "../../src/models/convert/dtype.ts";
import type { GgufValue } from "../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../src/models/gguf/write.ts";
import { tensor } from "./gguf-tensor.ts";

export interface TinyLlamaOptions {
  /** Same seed, same file. Default 1. */
  seed?: number;
  /** Jinja. Default: {@link CHATML_TEMPLATE}; "" leaves it out. */
  chatTemplate?: string;
  /** Default 2048 tokens. */
  contextLength?: number;
  /** With tokens to fill in the middle, and metadata that names them. Default false. */
  fillsMiddle?: boolean;
}

export const CHATML_TEMPLATE =
  "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

const WIDTH = 64;
const LAYERS = 2;
const HEADS = 4;
const KV_HEADS = 2;
const FEED_FORWARD = 128;

const SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const MERGES = ["t h", "Ġ a", "i n", "e r", "Ġ t"];
const TOKENS = [...SPECIAL, ...byteSymbols(), ...MERGES.map((pair) => pair.replace(" ", ""))];
/** At the end, so that the other tokens keep their ids. */
const FIM_TOKENS = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
const FIM_KEYS = ["fim_pre", "fim_suf", "fim_mid"];

/**
 * Writes a llama model with random weights (about 230 KB): it loads, tokenizes any bytes and generates nonsense in no time,
 * which is all that tests of the machinery around it need.
 */
export async function writeTinyLlama(path: string, options: TinyLlamaOptions = {}): Promise<void> {
  const { seed = 1, chatTemplate = CHATML_TEMPLATE, contextLength = 2048, fillsMiddle = false } = options;
  const tokens = [...TOKENS, ...(fillsMiddle ? FIM_TOKENS : [])];
  const metadata = new Map([...architecture(contextLength, tokens), ...tokenizer(chatTemplate, tokens)]);
  await writeGguf(path, metadata, weights(gaussian(seed), tokens.length), new AbortController().signal);
}

function architecture(contextLength: number, tokens: readonly string[]): [string, GgufValue][] {
  return [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.type", { type: "string", value: "model" }],
    ["general.name", { type: "string", value: "tiny-llama-random" }],
    ["general.file_type", { type: "uint32", value: 1 }],
    ["general.quantization_version", { type: "uint32", value: 2 }],
    ["llama.block_count", { type: "uint32", value: LAYERS }],
    ["llama.context_length", { type: "uint32", value: contextLength }],
    ["llama.embedding_length", { type: "uint32", value: WIDTH }],
    ["llama.feed_forward_length", { type: "uint32", value: FEED_FORWARD }],
    ["llama.attention.head_count", { type: "uint32", value: HEADS }],
    ["llama.attention.head_count_kv", { type: "uint32", value: KV_HEADS }],
    ["llama.attention.layer_norm_rms_epsilon", { type: "float32", value: 1e-5 }],
    ["llama.rope.dimension_count", { type: "uint32", value: WIDTH / HEADS }],
    ["llama.rope.freq_base", { type: "float32", value: 10_000 }],
    ["llama.vocab_size", { type: "uint32", value: tokens.length }],
  ];
}

function tokenizer(chatTemplate: string, tokens: string[]): [string, GgufValue][] {
  const [control, normal] = [3, 1];
  const types = tokens.map((_, id) => (id < SPECIAL.length || id >= TOKENS.length ? control : normal));
  const fim = FIM_KEYS.map((key, index): [string, GgufValue] => [
    `tokenizer.ggml.${key}_token_id`,
    { type: "uint32", value: TOKENS.length + index },
  ]);
  const template: [string, GgufValue] = ["tokenizer.chat_template", { type: "string", value: chatTemplate }];
  return [
    ["tokenizer.ggml.model", { type: "string", value: "gpt2" }],
    ["tokenizer.ggml.pre", { type: "string", value: "default" }],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", value: tokens }],
    ["tokenizer.ggml.token_type", { type: "array", of: "int32", value: types }],
    ["tokenizer.ggml.merges", { type: "array", of: "string", value: MERGES }],
    ["tokenizer.ggml.bos_token_id", { type: "uint32", value: 1 }],
    ["tokenizer.ggml.eos_token_id", { type: "uint32", value: 2 }],
    ["tokenizer.ggml.padding_token_id", { type: "uint32", value: 0 }],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    ...(tokens.length > TOKENS.length ? fim : []),
    ...(chatTemplate === "" ? [] : [template]),
  ];
}

function weights(next: () => number, vocabulary: number): GgufTensorSource[] {
  const kvWidth = (WIDTH / HEADS) * KV_HEADS;
  const norm = (name: string) =>
    tensor(name, [WIDTH], 0, encodeFloats("F32", new Float32Array(WIDTH).fill(1)));
  const matrix = (name: string, inputs: number, outputs: number, scale = 1 / Math.sqrt(inputs)) => {
    const values = Float32Array.from({ length: inputs * outputs }, () => next() * scale);
    return tensor(name, [inputs, outputs], 1, encodeFloats("F16", values));
  };
  const block = (layer: number) => [
    norm(`blk.${layer}.attn_norm.weight`),
    matrix(`blk.${layer}.attn_q.weight`, WIDTH, WIDTH),
    matrix(`blk.${layer}.attn_k.weight`, WIDTH, kvWidth),
    matrix(`blk.${layer}.attn_v.weight`, WIDTH, kvWidth),
    matrix(`blk.${layer}.attn_output.weight`, WIDTH, WIDTH),
    norm(`blk.${layer}.ffn_norm.weight`),
    matrix(`blk.${layer}.ffn_gate.weight`, WIDTH, FEED_FORWARD),
    matrix(`blk.${layer}.ffn_up.weight`, WIDTH, FEED_FORWARD),
    matrix(`blk.${layer}.ffn_down.weight`, FEED_FORWARD, WIDTH),
  ];
  return [
    matrix("token_embd.weight", WIDTH, vocabulary, 1),
    ...Array.from({ length: LAYERS }, (_, layer) => block(layer)).flat(),
    norm("output_norm.weight"),
    // Sharp logits: greedy choices then hardly depend on the last bits that a CPU rounds its own way.
    matrix("output.weight", WIDTH, vocabulary, 4 / Math.sqrt(WIDTH)),
  ];
}

/** The 256 letters that byte-level BPE writes bytes with: printable Latin-1 stands for itself, the rest is moved above U+0100. */
function byteSymbols(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : 256 + moved++),
  );
}

/** Normally distributed numbers from a seed: Marsaglia's xorshift32, then Box and Muller's transform. */
export function gaussian(seed: number | string): () => number {
  let state = Bun.hash.xxHash32(`tiny-llama ${seed}`) || 1;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
