import { f32, type TinyModel, type WeightType } from "./tiny-model.ts";
import { BPE_SIZE } from "./tokenizers.ts";

export const WIDTH = 64;
export const HEADS = 4;
export const KV_HEADS = 2;
export const HEAD = 16;
export const FEED_FORWARD = 64;
const LAYERS = 2;

/** `general.file_type` of a file of halves. */
const F16_FILE = 1;

export const layers = (count = LAYERS): number[] => Array.from({ length: count }, (_, layer) => layer);

interface Heads {
  head?: number;
  heads?: number;
  kvHeads?: number;
}

/** The keys that every family has. */
export function base(
  model: TinyModel,
  { layers = LAYERS, lengths = true, head = HEAD, heads = HEADS, kvHeads = KV_HEADS } = {},
): TinyModel {
  model.keys({
    "general.file_type": F16_FILE,
    block_count: layers,
    context_length: 4096,
    embedding_length: WIDTH,
    feed_forward_length: FEED_FORWARD,
    "attention.head_count": heads,
    "attention.head_count_kv": kvHeads,
    "attention.layer_norm_rms_epsilon": f32(1e-6),
    "rope.freq_base": f32(10_000),
  });
  return lengths ? model.keys({ "attention.key_length": head, "attention.value_length": head }) : model;
}

/** A block's attention, its normalisation in front. */
export function attention(
  model: TinyModel,
  layer: number,
  {
    head = HEAD,
    heads = HEADS,
    kvHeads = KV_HEADS,
    bias = false,
    outBias = false,
  }: Heads & {
    bias?: boolean;
    outBias?: boolean;
  } = {},
): void {
  const prefix = `blk.${layer}.attn_`;
  model.norm(`${prefix}norm.weight`, WIDTH);
  for (const [name, count] of [
    ["q", heads],
    ["k", kvHeads],
    ["v", kvHeads],
  ] as const) {
    model.matrix(`${prefix}${name}.weight`, [WIDTH, count * head], { type: "F16" });
    if (bias) model.matrix(`${prefix}${name}.bias`, [count * head]);
  }
  model.matrix(`${prefix}output.weight`, [heads * head, WIDTH], { type: "F16" });
  if (outBias) model.matrix(`${prefix}output.bias`, [WIDTH]);
}

/** Normalisations of queries and keys. */
export function headNorms(model: TinyModel, layer: number, head = HEAD): void {
  for (const name of ["q", "k"]) model.norm(`blk.${layer}.attn_${name}_norm.weight`, head);
}

/** Normalisations of a block, by their names. */
export function blockNorms(model: TinyModel, layer: number, ...names: string[]): void {
  for (const name of names) model.norm(`blk.${layer}.${name}.weight`, WIDTH);
}

/** Gate, up and down projections, without a normalisation. */
export function projections(model: TinyModel, prefix: string, type: WeightType = "F32"): void {
  model.matrix(`${prefix}ffn_gate.weight`, [WIDTH, FEED_FORWARD], { type });
  model.matrix(`${prefix}ffn_up.weight`, [WIDTH, FEED_FORWARD], { type });
  model.matrix(`${prefix}ffn_down.weight`, [FEED_FORWARD, WIDTH], { type });
}

export function mlp(model: TinyModel, layer: number): void {
  blockNorms(model, layer, "ffn_norm");
  projections(model, `blk.${layer}.`);
}

/**
 * Embeddings and what is over the blocks. Logits are sharp: greedy choices then hardly depend on the last bits that a CPU rounds its
 * own way.
 */
export function ends(model: TinyModel, { size = BPE_SIZE, tied = false } = {}): void {
  if (tied) {
    tiedEmbeddings(model, size);
    model.strongNorm("output_norm.weight", WIDTH, TIED_STRENGTH);
    return;
  }
  model.matrix("token_embd.weight", [WIDTH, size], { scale: 8, type: "F16" });
  model.norm("output_norm.weight", WIDTH);
  model.matrix("output.weight", [WIDTH, size], { scale: 4, type: "F16" });
}

/** Embeddings that are the output's weights as well: small, or a model would say its last token again and again. */
export const tiedEmbeddings = (model: TinyModel, size: number, type: WeightType = "F16"): TinyModel =>
  model.matrix("token_embd.weight", [WIDTH, size], { scale: 0.4, type });

/** What makes up for embeddings that are small. */
export const TIED_STRENGTH = 12;
