import { decodeFloats, encodeFloats } from "../../../../src/models/convert/dtype.ts";
import type { ModelFolder } from "../../../../src/models/convert/folder.ts";
import { safetensorsOf, type TestTensor } from "../../../support/safetensors.ts";

/** A BERT folder in miniature, as sentence-transformers lays it out; `changes` to its parts make the variants that tests need. */
export interface TinyBert {
  config: Record<string, unknown>;
  tokenizer: Record<string, unknown>;
  tensors: Map<string, TinyTensor>;
  /** Other files. */
  files: Record<string, string | Uint8Array>;
}

export type TinyTensor = TestTensor;

const WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "llama", "##s", "herd"];
const WIDTH = 4;
const FEED_FORWARD = 8;
const LAYERS = 2;

export function tinyBert(): TinyBert {
  const config = {
    architectures: ["BertModel"],
    hidden_act: "gelu",
    hidden_size: WIDTH,
    intermediate_size: FEED_FORWARD,
    layer_norm_eps: 1e-12,
    max_position_embeddings: 6,
    num_attention_heads: 2,
    num_hidden_layers: LAYERS,
    type_vocab_size: 2,
    vocab_size: WORDS.length + 2,
  };
  const special = WORDS.slice(0, 5).map((content, id) => ({ id, content, special: true }));
  const tokenizer = {
    added_tokens: [...special, { id: WORDS.length, content: "<added>", special: false }],
    normalizer: { type: "BertNormalizer", lowercase: true, strip_accents: null },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]" } },
        { Sequence: { id: "A" } },
        { SpecialToken: { id: "[SEP]" } },
      ],
    },
    model: { type: "WordPiece", vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])) },
  };
  const files = {
    "1_Pooling/config.json": '{"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true}',
    "README.md": "---\nlanguage: en\nlicense: apache-2.0\n---\n# Tiny\n",
  };
  return { config, tokenizer, tensors: tinyTensors(), files };
}

/** The values of a tensor: distinct, and exact in every float type. */
export function valuesOf(tensor: TinyTensor | undefined): number[] {
  if (tensor?.dtype !== "F32" && tensor?.dtype !== "F16" && tensor?.dtype !== "BF16") return [];
  return [...decodeFloats(tensor.dtype, tensor.bytes)];
}

export function tensorOf(dtype: "F32" | "F16" | "BF16", shape: number[], first = 0): TinyTensor {
  const count = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: count }, (_, i) => (first + (i % 64)) / 64);
  return { dtype, shape, bytes: encodeFloats(dtype, values) };
}

function tinyTensors(): Map<string, TinyTensor> {
  const shapes: [string, number[]][] = [
    ["embeddings.word_embeddings.weight", [WORDS.length + 2, WIDTH]],
    ["embeddings.position_embeddings.weight", [6, WIDTH]],
    ["embeddings.token_type_embeddings.weight", [2, WIDTH]],
    ["embeddings.LayerNorm.weight", [WIDTH]],
    ["embeddings.LayerNorm.bias", [WIDTH]],
    ["pooler.dense.weight", [WIDTH, WIDTH]],
    ["pooler.dense.bias", [WIDTH]],
  ];
  for (let layer = 0; layer < LAYERS; layer++) {
    const of = (name: string, ...shape: number[]) => shapes.push([`encoder.layer.${layer}.${name}`, shape]);
    for (const name of ["self.query", "self.key", "self.value", "output.dense"]) {
      of(`attention.${name}.weight`, WIDTH, WIDTH);
      of(`attention.${name}.bias`, WIDTH);
    }
    of("intermediate.dense.weight", FEED_FORWARD, WIDTH);
    of("intermediate.dense.bias", FEED_FORWARD);
    of("output.dense.weight", WIDTH, FEED_FORWARD);
    of("output.dense.bias", WIDTH);
    for (const name of ["attention.output.LayerNorm", "output.LayerNorm"]) {
      of(`${name}.weight`, WIDTH);
      of(`${name}.bias`, WIDTH);
    }
  }
  const ids = { dtype: "I64", shape: [1, 6], bytes: new Uint8Array(48) };
  const entries = shapes.map(([name, shape], index) => [name, tensorOf("F32", shape, index)] as const);
  return new Map<string, TinyTensor>([["embeddings.position_ids", ids], ...entries]);
}

/** @param shards how many safetensors files the tensors are spread over. */
export function folderOf(model: TinyBert, shards = 1): ModelFolder {
  const files = new Map<string, Blob>([
    ["config.json", new Blob([JSON.stringify(model.config)])],
    ["tokenizer.json", new Blob([JSON.stringify(model.tokenizer)])],
    ...Object.entries(model.files).map(([path, content]) => [path, new Blob([content].map(copied))] as const),
  ]);
  const all = [...model.tensors];
  for (let shard = 0; shard < shards; shard++) {
    const own = all.filter((_, index) => index % shards === shard);
    files.set(`model-${shard + 1}-of-${shards}.safetensors`, safetensorsOf(own));
  }
  return { name: "tiny-bert", files };
}

/** A Blob takes no view of memory that might be shared. */
const copied = (content: string | Uint8Array) => (typeof content === "string" ? content : content.slice());
