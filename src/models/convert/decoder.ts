import { defined } from "../../lib/defined.ts";
import { badRequest } from "../../lib/errors.ts";
import { float32, uint32 } from "../gguf/value.ts";
import type { Metadata, TensorRule, Transform } from "./architecture.ts";
import type { ModelFolder } from "./folder.ts";
import { type JsonFile, positiveInteger, positiveIntegerOr, positiveNumberOr } from "./json.ts";
import { POOLING, readPooling } from "./pooling.ts";

/** The shape of Llama, Qwen and Gemma: RMS norms, rotary positions, grouped attention heads and a gated feed-forward. */
export interface DecoderShape {
  vocabulary: number;
  context: number;
  width: number;
  feedForward: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  layers: number;
  rmsEpsilon: number;
  /** The output layer is the token embedding. */
  tied: boolean;
}

/** Values that a family assumes where config.json has none. */
export type DecoderDefaults = Partial<DecoderShape>;

/** Far above any published model; a table of rules is made from these. */
const MOST = { vocabulary: 2 ** 21, layers: 1024 } as const;

export function readDecoderShape(config: JsonFile, defaults: DecoderDefaults = {}): DecoderShape {
  const whole = (key: string, fallback: number | undefined, most?: number) =>
    fallback === undefined
      ? positiveInteger(config, key, most)
      : positiveIntegerOr(config, key, fallback, most);
  const width = whole("hidden_size", defaults.width);
  const heads = whole("num_attention_heads", defaults.heads);
  const shape: DecoderShape = {
    vocabulary: whole("vocab_size", defaults.vocabulary, MOST.vocabulary),
    context: whole("max_position_embeddings", defaults.context),
    width,
    feedForward: whole("intermediate_size", defaults.feedForward),
    heads,
    kvHeads: whole("num_key_value_heads", defaults.kvHeads ?? heads),
    headSize: whole("head_dim", defaults.headSize ?? width / heads),
    layers: whole("num_hidden_layers", defaults.layers, MOST.layers),
    rmsEpsilon: positiveNumberOr(config, "rms_norm_eps", defaults.rmsEpsilon ?? 1e-6),
    tied: flagOr(config, "tie_word_embeddings", defaults.tied ?? false),
  };
  const refuse = (why: string) => badRequest(`${config.label}: ${why}`);
  if (!Number.isInteger(shape.headSize))
    throw refuse("hidden_size must be a multiple of num_attention_heads");
  if (shape.headSize % 2 !== 0) throw refuse("head_dim must be even");
  if (heads % shape.kvHeads !== 0)
    throw refuse("num_attention_heads must be a multiple of num_key_value_heads");
  return shape;
}

/** A true or false of config.json. */
export function flagOr({ label, fields }: JsonFile, key: string, fallback: boolean): boolean {
  const value = fields[key] ?? fallback;
  if (typeof value === "boolean") return value;
  throw badRequest(`${label}: ${key} must be true or false`);
}

/** `<architecture>.*` of the shape. */
export function decoderMetadata(architecture: string, shape: DecoderShape): Metadata {
  return [
    [`${architecture}.block_count`, uint32(shape.layers)],
    [`${architecture}.context_length`, uint32(shape.context)],
    [`${architecture}.embedding_length`, uint32(shape.width)],
    [`${architecture}.feed_forward_length`, uint32(shape.feedForward)],
    [`${architecture}.attention.head_count`, uint32(shape.heads)],
    [`${architecture}.attention.head_count_kv`, uint32(shape.kvHeads)],
    [`${architecture}.attention.key_length`, uint32(shape.headSize)],
    [`${architecture}.attention.value_length`, uint32(shape.headSize)],
    [`${architecture}.attention.layer_norm_rms_epsilon`, float32(shape.rmsEpsilon)],
  ];
}

/** A decoder that sentence-transformers publishes declares how its vectors are pooled, and is then for embeddings. */
export async function decoderPooling(architecture: string, folder: ModelFolder): Promise<Metadata> {
  if (!folder.files.has("modules.json")) return [];
  return [[`${architecture}.pooling_type`, uint32(POOLING[await readPooling(folder)])]];
}

/** The differences between the families' layers. */
export interface DecoderParts {
  /** Norms of a layer: name in the source → name in GGUF. */
  norms: readonly (readonly [source: string, target: string])[];
  /** Has each head norms of its own for queries and keys? */
  headNorms?: boolean;
  /** Projections that have a bias, by their names in the source. */
  biased?: readonly string[];
  /** Changes the rows of queries and keys. */
  rotary?: Transform;
  /** Changes norms. */
  norm?: Transform;
}

/** Every tensor of a decoder, by its name without the leading `model.`. */
export function decoderTensors(shape: DecoderShape, parts: DecoderParts): Map<string, TensorRule> {
  const { vocabulary, width, tied, layers } = shape;
  const rules = new Map<string, TensorRule>([
    ["embed_tokens.weight", { target: "token_embd.weight", shape: [vocabulary, width] }],
    ["norm.weight", normRule("output_norm.weight", width, parts)],
  ]);
  if (!tied) rules.set("lm_head.weight", { target: "output.weight", shape: [vocabulary, width] });
  for (let layer = 0; layer < layers; layer++) {
    for (const [source, rule] of layerRules(shape, parts)) {
      rules.set(`layers.${layer}.${source}`, { ...rule, target: `blk.${layer}.${rule.target}` });
    }
  }
  return rules;
}

type Rules = (readonly [source: string, rule: TensorRule])[];

function layerRules(shape: DecoderShape, parts: DecoderParts): Rules {
  const { width, feedForward, heads, kvHeads, headSize } = shape;
  const projections: [
    source: string,
    target: string,
    outputs: number,
    inputs: number,
    change?: Transform | undefined,
  ][] = [
    ["self_attn.q_proj", "attn_q", heads * headSize, width, parts.rotary],
    ["self_attn.k_proj", "attn_k", kvHeads * headSize, width, parts.rotary],
    ["self_attn.v_proj", "attn_v", kvHeads * headSize, width],
    ["self_attn.o_proj", "attn_output", width, heads * headSize],
    ["mlp.gate_proj", "ffn_gate", feedForward, width],
    ["mlp.up_proj", "ffn_up", feedForward, width],
    ["mlp.down_proj", "ffn_down", width, feedForward],
  ];
  const headNorms: Rules = [
    ["self_attn.q_norm.weight", normRule("attn_q_norm.weight", headSize, parts)],
    ["self_attn.k_norm.weight", normRule("attn_k_norm.weight", headSize, parts)],
  ];
  return [
    ...parts.norms.map(
      ([source, target]) => [`${source}.weight`, normRule(`${target}.weight`, width, parts)] as const,
    ),
    ...(parts.headNorms ? headNorms : []),
    ...projections.flatMap(([source, target, outputs, inputs, transform]): Rules => {
      const change = defined({ transform });
      const weight = { target: `${target}.weight`, shape: [outputs, inputs], ...change };
      const bias = { target: `${target}.bias`, shape: [outputs], exact: true, ...change };
      const biased = parts.biased?.includes(source) ?? false;
      return [[`${source}.weight`, weight], ...(biased ? [[`${source}.bias`, bias] as const] : [])];
    }),
  ];
}

function normRule(target: string, width: number, { norm }: DecoderParts): TensorRule {
  return { target, shape: [width], exact: true, ...defined({ transform: norm }) };
}

/** The name by which a decoder's tensor is looked up. Undefined: frequencies, which llama.cpp computes, and an output that is tied. */
export function decoderName({ tied }: DecoderShape): (name: string) => string | undefined {
  return (name) => {
    const bare = name.replace(/^model\./, "");
    if (bare.endsWith(".rotary_emb.inv_freq")) return undefined;
    return tied && bare === "lm_head.weight" ? undefined : bare;
  };
}
