import type { GgufMetadata, GgufValue } from "../../src/models/gguf/value.ts";
import { seededRandom } from "./random.ts";
import { floats, rewriteGguf } from "./rewrite-gguf.ts";

/** Models with ranking heads of random weights. They order documents by nothing in particular, and always alike. */

export const WIDTH = 384;

/** A ranking head as BERT has it: a dense layer with tanh, and one output. */
export function bertHead() {
  const next = seededRandom(4);
  const random = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => (next() * 2 - 1) * scale);
  return {
    dense: random(WIDTH * WIDTH, 0.15),
    denseBias: random(WIDTH, 0.1),
    output: random(WIDTH, 0.3),
    outputBias: random(1, 0.1),
  };
}

const changed = (old: GgufMetadata, changes: Record<string, GgufValue | undefined>): GgufMetadata =>
  new Map(
    Object.entries({ ...Object.fromEntries(old), ...changes }).filter(
      (entry): entry is [string, GgufValue] => entry[1] !== undefined,
    ),
  );

/**
 * all-MiniLM with a head, as converters write cross-encoders: without a pooling type. Two separators stand between query and document,
 * as in RoBERTa, because that is how node-llama-cpp puts them together in any case.
 */
export async function writeBertReranker(allMiniLm: string, target: string): Promise<void> {
  const { dense, denseBias, output, outputBias } = bertHead();
  await rewriteGguf(
    allMiniLm,
    target,
    (old) =>
      changed(old, {
        "bert.pooling_type": undefined,
        "tokenizer.ggml.add_sep_token": { type: "bool", value: true },
      }),
    [
      floats("cls.weight", [WIDTH, WIDTH], dense),
      floats("cls.bias", [WIDTH], denseBias),
      floats("cls.output.weight", [WIDTH, 1], output),
      floats("cls.output.bias", [1], outputBias),
    ],
  );
}

/** all-MiniLM that gives its first token's vector: what the head of {@link writeBertReranker} is applied to. */
export const writeClsEmbedder = (allMiniLm: string, target: string): Promise<void> =>
  rewriteGguf(
    allMiniLm,
    target,
    (old) => changed(old, { "bert.pooling_type": { type: "uint32", value: 2 } }),
    [],
  );

const TINY_WIDTH = 64;
const TINY_HEAD = 16;
const TINY_LAYERS = 2;

/** As Qwen3's: a prompt template, and the probabilities of two words. */
const RERANK_TEMPLATE =
  "<|im_start|>user\n<Query>: {query}\n<Document>: {document}<|im_end|>\n<|im_start|>assistant\n";

/** A tiny llama made a tiny Qwen3 that ranks. */
export async function writeTinyQwenReranker(tinyLlama: string, target: string): Promise<void> {
  const next = seededRandom(9);
  const norms = Array.from({ length: TINY_LAYERS }, (_, layer) =>
    ["attn_q_norm", "attn_k_norm"].map((name) =>
      floats(`blk.${layer}.${name}.weight`, [TINY_HEAD], new Float32Array(TINY_HEAD).fill(1)),
    ),
  ).flat();
  const head = Float32Array.from({ length: TINY_WIDTH * 2 }, () => next() * 2 - 1);
  const renamed = (old: GgufMetadata): GgufMetadata =>
    new Map([...old].map(([key, value]) => [key.replace(/^llama\./, "qwen3."), value]));
  await rewriteGguf(
    tinyLlama,
    target,
    (old) =>
      changed(renamed(old), {
        "general.architecture": { type: "string", value: "qwen3" },
        "qwen3.pooling_type": { type: "uint32", value: 4 },
        "qwen3.classifier.output_labels": { type: "array", of: "string", value: ["yes", "no"] },
        "tokenizer.chat_template.rerank": { type: "string", value: RERANK_TEMPLATE },
      }),
    [...norms, floats("cls.output.weight", [TINY_WIDTH, 2], head)],
  );
}
