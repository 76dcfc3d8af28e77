import { badRequest } from "../../lib/errors.ts";
import { bool, float32, uint32 } from "../gguf/value.ts";
import type { SourceModel, TensorRule } from "./architecture.ts";
import { readJson, requireJson } from "./folder.ts";
import { type JsonFile, positiveInteger, positiveNumber } from "./json.ts";
import { POOLING, readPooling } from "./pooling.ts";
import { wordPieceMetadata } from "./wordpiece.ts";

/** The shape of an encoder, by its config.json. */
export interface EncoderShape {
  vocabulary: number;
  /** Positions that it can be given. */
  context: number;
  tokenTypes: number;
  width: number;
  feedForward: number;
  heads: number;
  layers: number;
}

/** The keys of config.json for these numbers, which differ between families. */
type ShapeKeys = Record<Exclude<keyof EncoderShape, "vocabulary" | "tokenTypes">, string>;

/** Far above any published encoder; a table of rules is made from these. */
const MOST = { vocabulary: 2 ** 20, layers: 1024 } as const;

export type RuleEntry = readonly [source: string, rule: TensorRule];

/** @throws AppError `bad_request` when a number is missing, no positive integer, or does not go with another. */
export function readEncoderShape(config: JsonFile, keys: ShapeKeys): EncoderShape {
  const shape: EncoderShape = {
    vocabulary: positiveInteger(config, "vocab_size", MOST.vocabulary),
    context: positiveInteger(config, keys.context),
    tokenTypes: positiveInteger(config, "type_vocab_size"),
    width: positiveInteger(config, keys.width),
    feedForward: positiveInteger(config, keys.feedForward),
    heads: positiveInteger(config, keys.heads),
    layers: positiveInteger(config, keys.layers, MOST.layers),
  };
  if (shape.width % shape.heads === 0) return shape;
  throw badRequest(`${config.label}: ${keys.width} must be a multiple of ${keys.heads}`);
}

/**
 * The GGUF metadata of an encoder with a WordPiece vocabulary.
 * @param epsilon the key of config.json that has the layer norm's.
 * @param positions metadata of how it sees positions, if there is any.
 */
export async function encoderMetadata(
  name: string,
  { folder, config }: SourceModel,
  shape: EncoderShape,
  epsilon: string,
  positions: readonly (readonly [string, ReturnType<typeof float32>])[] = [],
) {
  const tokenizer = await requireJson(folder, "tokenizer.json");
  const settings = await readJson(folder, "tokenizer_config.json");
  return [
    [`${name}.block_count`, uint32(shape.layers)],
    [`${name}.context_length`, uint32(shape.context)],
    [`${name}.embedding_length`, uint32(shape.width)],
    [`${name}.feed_forward_length`, uint32(shape.feedForward)],
    [`${name}.attention.head_count`, uint32(shape.heads)],
    [`${name}.attention.layer_norm_epsilon`, float32(positiveNumber(config, epsilon))],
    [`${name}.attention.causal`, bool(false)],
    ...positions,
    [`${name}.pooling_type`, uint32(POOLING[await readPooling(folder)])],
    ["tokenizer.ggml.token_type_count", uint32(shape.tokenTypes)],
    ...wordPieceMetadata(tokenizer, settings, shape.vocabulary),
  ] as const;
}

/** The tables that a token's vector is looked up in. */
export const embeddings = ({ vocabulary, tokenTypes, width }: EncoderShape): RuleEntry[] => [
  ["embeddings.word_embeddings.weight", { target: "token_embd.weight", shape: [vocabulary, width] }],
  [
    "embeddings.token_type_embeddings.weight",
    { target: "token_types.weight", shape: [tokenTypes, width], exact: true },
  ],
];

export const weight = (source: string, target: string, outputs: number, inputs: number): RuleEntry => [
  `${source}.weight`,
  { target: `${target}.weight`, shape: [outputs, inputs] },
];

export const bias = (source: string, target: string, outputs: number): RuleEntry => [
  `${source}.bias`,
  { target: `${target}.bias`, shape: [outputs], exact: true },
];

export const norm = (source: string, target: string, width: number): RuleEntry[] =>
  ["weight", "bias"].map((part) => [
    `${source}.${part}`,
    { target: `${target}.${part}`, shape: [width], exact: true },
  ]);

/** The rules of all layers. */
export const everyLayer = (count: number, rules: (layer: number) => RuleEntry[]): RuleEntry[] =>
  Array.from({ length: count }, (_, layer) => rules(layer)).flat();
