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
import { type JsonFile, positiveInteger, positiveNumber } from "./json.ts";
import { POOLING, readPooling } from "./pooling.ts";
import { wordPieceMetadata } from "./wordpiece.ts";

/** What of config.json decides the shape of the network. */
interface BertShape {
  vocabulary: number;
  positions: number;
  tokenTypes: number;
  width: number;
  feedForward: number;
  heads: number;
  layers: number;
}

/** Far above any published encoder; a table of rules is made from these. */
const MOST = { vocabulary: 2 ** 20, layers: 1024 } as const;

/**
 * BERT encoders as sentence-transformers publishes them: the recipe of llama.cpp's conversion (v0.5.0). The pooler and the
 * masked-language heads are left out; embeddings do not use them.
 */
export const bert: Architecture = {
  name: "bert",
  accepts: ["BertModel", "BertForMaskedLM"],
  async plan(model) {
    const { config } = model;
    const shape = readShape(config);
    refuseOtherMaths(config);
    return {
      metadata: await metadata(model, shape),
      tensors: tensorRules(shape),
      canonicalName,
    };
  },
};

async function metadata({ folder, config }: SourceModel, shape: BertShape) {
  const tokenizer = await requireJson(folder, "tokenizer.json");
  const settings = await readJson(folder, "tokenizer_config.json");
  return [
    ["bert.block_count", uint32(shape.layers)],
    ["bert.context_length", uint32(shape.positions)],
    ["bert.embedding_length", uint32(shape.width)],
    ["bert.feed_forward_length", uint32(shape.feedForward)],
    ["bert.attention.head_count", uint32(shape.heads)],
    ["bert.attention.layer_norm_epsilon", float32(positiveNumber(config, "layer_norm_eps"))],
    ["bert.attention.causal", bool(false)],
    ["bert.pooling_type", uint32(POOLING[await readPooling(folder)])],
    ["tokenizer.ggml.token_type_count", uint32(shape.tokenTypes)],
    ...wordPieceMetadata(tokenizer, settings, shape.vocabulary),
  ] as const;
}

function readShape(config: JsonFile): BertShape {
  const shape: BertShape = {
    vocabulary: positiveInteger(config, "vocab_size", MOST.vocabulary),
    positions: positiveInteger(config, "max_position_embeddings"),
    tokenTypes: positiveInteger(config, "type_vocab_size"),
    width: positiveInteger(config, "hidden_size"),
    feedForward: positiveInteger(config, "intermediate_size"),
    heads: positiveInteger(config, "num_attention_heads"),
    layers: positiveInteger(config, "num_hidden_layers", MOST.layers),
  };
  if (shape.width % shape.heads === 0) return shape;
  throw badRequest(`${config.label}: hidden_size must be a multiple of num_attention_heads`);
}

/** llama.cpp's BERT graph knows one activation and one kind of position; others would load and give wrong vectors. */
function refuseOtherMaths({ label, fields }: JsonFile): void {
  const activation = fields.hidden_act ?? "gelu";
  if (!["gelu", "gelu_new", "gelu_pytorch_tanh"].includes(String(activation))) {
    throw badRequest(`${label}: hidden_act ${JSON.stringify(activation)} is not supported (supported: gelu)`);
  }
  const positions = fields.position_embedding_type ?? "absolute";
  if (positions !== "absolute") {
    throw badRequest(`${label}: position_embedding_type ${JSON.stringify(positions)} is not supported`);
  }
}

/** Without the prefix that task models put before the encoder, and with today's names for a norm's parts. */
function canonicalName(name: string): string | undefined {
  const bare = name
    .replace(/^bert\./, "")
    .replace(/\.gamma$/, ".weight")
    .replace(/\.beta$/, ".bias");
  return bare === "embeddings.position_ids" || /^(pooler|cls)\./.test(bare) ? undefined : bare;
}

function tensorRules({ vocabulary, positions, tokenTypes, width, feedForward, layers }: BertShape) {
  const rules = new Map<string, TensorRule>([
    ["embeddings.word_embeddings.weight", { target: "token_embd.weight", shape: [vocabulary, width] }],
    [
      "embeddings.position_embeddings.weight",
      { target: "position_embd.weight", shape: [positions, width], exact: true },
    ],
    [
      "embeddings.token_type_embeddings.weight",
      { target: "token_types.weight", shape: [tokenTypes, width], exact: true },
    ],
    ...norm("embeddings.LayerNorm", "token_embd_norm", width),
  ]);
  const linears: [source: string, target: string, outputs: number, inputs: number][] = [
    ["attention.self.query", "attn_q", width, width],
    ["attention.self.key", "attn_k", width, width],
    ["attention.self.value", "attn_v", width, width],
    ["attention.output.dense", "attn_output", width, width],
    ["intermediate.dense", "ffn_up", feedForward, width],
    ["output.dense", "ffn_down", width, feedForward],
  ];
  for (let layer = 0; layer < layers; layer++) {
    const from = `encoder.layer.${layer}`;
    const to = `blk.${layer}`;
    const entries = [
      ...linears.flatMap(([source, target, outputs, inputs]) => [
        [`${from}.${source}.weight`, { target: `${to}.${target}.weight`, shape: [outputs, inputs] }] as const,
        [
          `${from}.${source}.bias`,
          { target: `${to}.${target}.bias`, shape: [outputs], exact: true },
        ] as const,
      ]),
      ...norm(`${from}.attention.output.LayerNorm`, `${to}.attn_output_norm`, width),
      ...norm(`${from}.output.LayerNorm`, `${to}.layer_output_norm`, width),
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
