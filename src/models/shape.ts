import type { ModelShape } from "../intent/model-shape.ts";
import type { Digest } from "../lib/digest.ts";
import { Lru } from "../lib/lru.ts";
import type { ModelReads } from "../store/model-reads.ts";
import { familyOf } from "./families.ts";
import { ggmlTypeNamed } from "./gguf/ggml-types.ts";

type Tensor = [name: string, type: string, shape: number[]];

const REMEMBERED = 64;

/** Reads shapes from the books; a digest stands for its content, so each is read once. */
export function shapeReader(reads: ModelReads): (weights: Digest) => ModelShape | undefined {
  const known = new Lru<Digest, ModelShape>(REMEMBERED);
  return (weights) =>
    known.take(weights, () => {
      const details = reads.ggufDetails(weights);
      return details && shapeOf(JSON.parse(details.metadata), JSON.parse(details.tensors));
    });
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function bytesOf([, name, shape]: Tensor): number {
  const type = ggmlTypeNamed(name);
  return type === undefined ? 0 : (elements(shape) / type.block) * type.bytes;
}

/** @param metadata the header's keys; arrays are null in it. @param tensors as {@link GgufRow} has them. */
export function shapeOf(metadata: Record<string, unknown>, tensors: readonly Tensor[]): ModelShape {
  const byName = new Map(tensors.map((tensor) => [tensor[0], tensor]));
  const architecture = String(metadata["general.architecture"]);
  const number = (key: string): number => Number(metadata[`${architecture}.${key}`] ?? 0);
  const embeddings = byName.get("token_embd.weight");
  const embeddingLength = number("embedding_length");
  const generates = metadata[`${architecture}.pooling_type`] === undefined;
  const tied = generates && !byName.has("output.weight") ? embeddings : undefined;
  // A header may say any number; a layer that has no tensor takes no memory.
  const layerCount = Math.min(number("block_count"), tensors.length);
  const layers = Array.from({ length: layerCount }, (_, at) => layerOf(byName, at));
  const sum = (of: (layer: Layer) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const most = (of: (layer: Layer) => number) => Math.max(0, ...layers.map(of));
  const recurrent = layers.filter(({ recurrent }) => recurrent).length;
  return {
    weightsBytes: tensors.reduce((total, tensor) => total + bytesOf(tensor), 0),
    tiedOutputBytes: tied === undefined ? 0 : bytesOf(tied),
    tiedOutputType: tied?.[1] ?? "",
    vocabSize: embeddings?.[2][1] ?? 0,
    embeddingLength,
    cacheWidth: generates ? sum(({ key, value }) => key + value) : 0,
    stateWidth: recurrent * stateOf(number, embeddingLength),
    queryWidth: most(({ query }) => query),
    // A model with embeddings for every layer holds those of all layers, and their projections, while it works on one.
    feedForwardWidth:
      most(({ feedForward }) => feedForward) + 3 * layers.length * number("embedding_length_per_layer_input"),
    masks: masksOf(metadata, architecture),
  };
}

/** @see Family.windowPattern */
function masksOf(metadata: Record<string, unknown>, architecture: string): 1 | 2 {
  const value = (key: string) => metadata[`${architecture}.${key}`];
  // An array, which is null here: the layers of both kinds are listed one by one.
  if (value("attention.sliding_window_pattern") === null) return 2;
  const { windowPattern } = familyOf(architecture);
  return windowPattern !== undefined && Number(value("block_count")) >= windowPattern ? 2 : 1;
}

interface Layer {
  query: number;
  key: number;
  value: number;
  feedForward: number;
  recurrent: boolean;
}

/** Widths by the tensors of one layer: a tensor's second dimension is the width of what it puts out. */
function layerOf(byName: ReadonlyMap<string, Tensor>, at: number): Layer {
  const width = (name: string): number => byName.get(`blk.${at}.${name}.weight`)?.[2][1] ?? 0;
  const has = (prefix: string) => byName.has(`blk.${at}.${prefix}`);
  // Latent attention caches one compressed vector, from which keys and values are made.
  const latent = width("attn_kv_a_mqa");
  const fused = width("attn_qkv");
  const output = byName.get(`blk.${at}.attn_output.weight`)?.[2][0] ?? 0;
  const query = width("attn_q") || output;
  const each = Math.max(0, fused - output) / 2;
  const recurrent = has("ssm_conv1d.weight") || has("shortconv.conv.weight");
  return {
    query,
    key: recurrent ? 0 : latent || width("attn_k") || each,
    value: recurrent || latent > 0 ? 0 : width("attn_v") || each,
    feedForward: width("ffn_up") + width("ffn_gate"),
    recurrent,
  };
}

/** Values of one recurrent layer's state: the last inputs of its convolution, and the state proper. */
function stateOf(number: (key: string) => number, embeddingLength: number): number {
  const convolution = Math.max(0, number("shortconv.l_cache") - 1) * embeddingLength;
  const inner = number("ssm.inner_size");
  const groups = 2 * number("ssm.group_count") * number("ssm.state_size");
  return (
    convolution +
    Math.max(0, number("ssm.conv_kernel") - 1) * (inner + groups) +
    number("ssm.state_size") * inner
  );
}
