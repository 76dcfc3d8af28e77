import { badRequest } from "../../lib/errors.ts";
import {
  type Architecture,
  bool,
  float32,
  type SourceModel,
  type TensorRule,
  uint32,
} from "./architecture.ts";
import { readJson, requireJson } from "./folder.ts";
import {
  type JsonFile,
  positiveInteger,
  positiveIntegerOr,
  positiveNumber,
  positiveNumberOr,
  requireOneOf,
} from "./json.ts";
import { POOLING, readPooling } from "./pooling.ts";
import { wordPieceMetadata } from "./wordpiece.ts";

interface NomicShape {
  vocabulary: number;
  context: number;
  tokenTypes: number;
  width: number;
  feedForward: number;
  heads: number;
  layers: number;
}

/** Far above any published encoder; a table of rules is made from these. */
const MOST = { vocabulary: 2 ** 20, layers: 1024 } as const;

/** nomic-embed-text 1 and 1.5: BERT with rotary positions, a gated feed-forward and no biases. */
export const nomicBert: Architecture = {
  name: "nomic-bert",
  accepts: ["NomicBertModel"],
  async plan(model) {
    const { config } = model;
    const shape = readShape(config);
    refuseOtherMaths(config);
    return { metadata: await metadata(model, shape), tensors: tensorRules(shape), canonicalName };
  },
};

function readShape(config: JsonFile): NomicShape {
  const positions = positiveInteger(config, "n_positions");
  const shape: NomicShape = {
    vocabulary: positiveInteger(config, "vocab_size", MOST.vocabulary),
    // It declares more positions than it was trained with: beyond those it needs a scaling that llama.cpp does not do.
    context: Math.min(positions, positiveIntegerOr(config, "max_trained_positions", 2048)),
    tokenTypes: positiveInteger(config, "type_vocab_size"),
    width: positiveInteger(config, "n_embd"),
    feedForward: positiveInteger(config, "n_inner"),
    heads: positiveInteger(config, "n_head"),
    layers: positiveInteger(config, "n_layer", MOST.layers),
  };
  if (shape.width % shape.heads === 0) return shape;
  throw badRequest(`${config.label}: n_embd must be a multiple of n_head`);
}

/** llama.cpp's graph is that of the published models; others would load and give wrong vectors. */
function refuseOtherMaths(config: JsonFile): void {
  if (Number(config.fields.moe_every_n_layers ?? 0) > 0) {
    throw badRequest(`${config.label}: nomic-bert with experts (moe_every_n_layers) is not supported`);
  }
  requireOneOf(config, "activation_function", ["swiglu"]);
  for (const key of ["causal", "prenorm", "qkv_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias"]) {
    requireOneOf(config, key, [false]);
  }
  requireOneOf(config, "rotary_emb_interleaved", [null, false]);
  requireOneOf(config, "rotary_emb_fraction", [1]);
  requireOneOf(config, "rotary_emb_scale_base", [null]);
}

async function metadata({ folder, config }: SourceModel, shape: NomicShape) {
  const tokenizer = await requireJson(folder, "tokenizer.json");
  const settings = await readJson(folder, "tokenizer_config.json");
  return [
    ["nomic-bert.block_count", uint32(shape.layers)],
    ["nomic-bert.context_length", uint32(shape.context)],
    ["nomic-bert.embedding_length", uint32(shape.width)],
    ["nomic-bert.feed_forward_length", uint32(shape.feedForward)],
    ["nomic-bert.attention.head_count", uint32(shape.heads)],
    ["nomic-bert.attention.layer_norm_epsilon", float32(positiveNumber(config, "layer_norm_epsilon"))],
    ["nomic-bert.attention.causal", bool(false)],
    ["nomic-bert.rope.freq_base", float32(positiveNumberOr(config, "rotary_emb_base", 10_000))],
    ["nomic-bert.pooling_type", uint32(POOLING[await readPooling(folder)])],
    ["tokenizer.ggml.token_type_count", uint32(shape.tokenTypes)],
    ...wordPieceMetadata(tokenizer, settings, shape.vocabulary),
  ] as const;
}

const canonicalName = (name: string): string | undefined => {
  const bare = name.replace(/^bert\./, "");
  return /^(pooler|cls)\./.test(bare) ? undefined : bare;
};

function tensorRules({ vocabulary, tokenTypes, width, feedForward, layers }: NomicShape) {
  const rules = new Map<string, TensorRule>([
    ["embeddings.word_embeddings.weight", { target: "token_embd.weight", shape: [vocabulary, width] }],
    [
      "embeddings.token_type_embeddings.weight",
      { target: "token_types.weight", shape: [tokenTypes, width], exact: true },
    ],
    ...norm("emb_ln", "token_embd_norm", width),
  ]);
  const linears: [source: string, target: string, outputs: number, inputs: number][] = [
    ["attn.Wqkv", "attn_qkv", 3 * width, width],
    ["attn.out_proj", "attn_output", width, width],
    ["mlp.fc11", "ffn_up", feedForward, width],
    ["mlp.fc12", "ffn_gate", feedForward, width],
    ["mlp.fc2", "ffn_down", width, feedForward],
  ];
  for (let layer = 0; layer < layers; layer++) {
    const from = `encoder.layers.${layer}`;
    const to = `blk.${layer}`;
    const entries = [
      ...linears.map(
        ([source, target, outputs, inputs]) =>
          [
            `${from}.${source}.weight`,
            { target: `${to}.${target}.weight`, shape: [outputs, inputs] },
          ] as const,
      ),
      ...norm(`${from}.norm1`, `${to}.attn_output_norm`, width),
      ...norm(`${from}.norm2`, `${to}.layer_output_norm`, width),
    ];
    for (const [source, rule] of entries) rules.set(source, rule);
  }
  return rules;
}

const norm = (source: string, target: string, width: number): (readonly [string, TensorRule])[] =>
  ["weight", "bias"].map((part) => [
    `${source}.${part}`,
    { target: `${target}.${part}`, shape: [width], exact: true },
  ]);
