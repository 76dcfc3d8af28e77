import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type GgufHeader, readGgufHeader } from "../../src/models/gguf/header.ts";
import type { GgufTensor } from "../../src/models/gguf/tensor.ts";
import { safetensorsOf, type TestTensor } from "./safetensors.ts";

/** Tensors of a layer: name in GGUF → name in Hugging Face's layout. */
const LAYER: Record<string, string> = {
  attn_norm: "input_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_norm: "post_attention_layernorm",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
};

/**
 * Writes a llama GGUF of F16 and F32 weights as the folder that it might have been converted from: two files of safetensors,
 * config.json, tokenizer.json and tokenizer_config.json. The inverse of what src/models/convert does, written apart from it.
 */
export async function writeHuggingFaceLlama(ggufPath: string, directory: string): Promise<void> {
  const header = await readGgufHeader(ggufPath);
  const tensors = await Promise.all(
    header.tensors.map(
      async (tensor) => [sourceName(tensor.name), await sourceTensor(ggufPath, header, tensor)] as const,
    ),
  );
  await mkdir(directory, { recursive: true });
  const write = (path: string, content: unknown) =>
    Bun.write(join(directory, path), content instanceof Blob ? content : JSON.stringify(content));
  await write("model-00001-of-00002.safetensors", safetensorsOf(tensors.filter((_, i) => i % 2 === 0)));
  await write("model-00002-of-00002.safetensors", safetensorsOf(tensors.filter((_, i) => i % 2 === 1)));
  await write("config.json", config(header));
  await write("tokenizer.json", tokenizer(header));
  await write("tokenizer_config.json", settings(header));
}

function sourceName(name: string): string {
  const [, layer, part = ""] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(name) ?? [];
  if (layer !== undefined) return `model.layers.${layer}.${LAYER[part]}.weight`;
  const own: Record<string, string> = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
  };
  return own[name] ?? name;
}

async function sourceTensor(path: string, header: GgufHeader, tensor: GgufTensor): Promise<TestTensor> {
  const { name, type, shape, offset, byteLength } = tensor;
  const start = header.dataOffset + offset;
  const bytes = await Bun.file(path)
    .slice(start, start + byteLength)
    .bytes();
  const rotated = /attn_[qk]\.weight$/.test(name);
  const heads = numberOf(header, `llama.attention.head_count${name.includes("attn_k") ? "_kv" : ""}`);
  return {
    dtype: type,
    shape: shape.toReversed(),
    bytes: rotated ? halvesApart(bytes, shape[1] ?? 1, heads) : bytes,
  };
}

/** Puts the two rows of each rotated pair half a head apart. */
function halvesApart(bytes: Uint8Array, rows: number, heads: number): Uint8Array {
  const [size, row] = [rows / heads, bytes.byteLength / rows];
  const out = new Uint8Array(bytes.byteLength);
  for (let at = 0; at < rows; at++) {
    const [head, within] = [Math.floor(at / size), at % size];
    const target = head * size + Math.floor(within / 2) + (within % 2) * (size / 2);
    out.set(bytes.subarray(at * row, (at + 1) * row), target * row);
  }
  return out;
}

function config(header: GgufHeader) {
  const own = (key: string) => numberOf(header, `llama.${key}`);
  return {
    architectures: ["LlamaForCausalLM"],
    hidden_act: "silu",
    hidden_size: own("embedding_length"),
    intermediate_size: own("feed_forward_length"),
    max_position_embeddings: own("context_length"),
    num_attention_heads: own("attention.head_count"),
    num_key_value_heads: own("attention.head_count_kv"),
    num_hidden_layers: own("block_count"),
    rms_norm_eps: own("attention.layer_norm_rms_epsilon"),
    rope_theta: own("rope.freq_base"),
    tie_word_embeddings: false,
    vocab_size: own("vocab_size"),
  };
}

function tokenizer(header: GgufHeader) {
  const tokens = textsOf(header, "tokenizer.ggml.tokens");
  const special = tokens.filter((token) => token.startsWith("<|"));
  return {
    added_tokens: special.map((content) => ({ id: tokens.indexOf(content), content, special: true })),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    post_processor: { type: "ByteLevel", add_prefix_space: true },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: textsOf(header, "tokenizer.ggml.merges").map((merge) => merge.split(" ")),
    },
  };
}

function settings(header: GgufHeader) {
  const template = header.metadata.get("tokenizer.chat_template");
  return {
    bos_token: "<|im_start|>",
    eos_token: { content: "<|im_end|>" },
    pad_token: "<|endoftext|>",
    chat_template: template?.type === "string" ? template.value : null,
  };
}

function numberOf({ metadata }: GgufHeader, key: string): number {
  const entry = metadata.get(key);
  if (entry === undefined || entry.type === "array") throw new Error(`no number ${key}`);
  return Number(entry.value);
}

function textsOf({ metadata }: GgufHeader, key: string): string[] {
  const entry = metadata.get(key);
  if (entry?.type !== "array" || entry.of !== "string") throw new Error(`no texts ${key}`);
  return [...entry.value];
}
