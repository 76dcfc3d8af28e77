import { badRequest } from "../../lib/errors.ts";
import { float32 } from "../gguf/value.ts";
import type { Architecture } from "./architecture.ts";
import {
  type EncoderShape,
  embeddings,
  encoderMetadata,
  everyLayer,
  norm,
  readEncoderShape,
  weight,
} from "./encoder.ts";
import { type JsonFile, positiveIntegerOr, positiveNumberOr, requireOneOf } from "./json.ts";

const SHAPE = {
  context: "n_positions",
  width: "n_embd",
  feedForward: "n_inner",
  heads: "n_head",
  layers: "n_layer",
} as const;

/** nomic-embed-text 1 and 1.5: BERT with rotary positions, a gated feed-forward and no biases. */
export const nomicBert: Architecture = {
  name: "nomic-bert",
  accepts: ["NomicBertModel"],
  async plan(model) {
    const { config } = model;
    const shape = readShape(config);
    refuseOtherMaths(config);
    const base = float32(positiveNumberOr(config, "rotary_emb_base", 10_000));
    return {
      metadata: await encoderMetadata("nomic-bert", model, shape, "layer_norm_epsilon", [
        ["nomic-bert.rope.freq_base", base],
      ]),
      tensors: tensorRules(shape),
      canonicalName,
    };
  },
};

/** It declares more positions than it was trained with: beyond those it needs a scaling that llama.cpp does not do. */
function readShape(config: JsonFile): EncoderShape {
  const shape = readEncoderShape(config, SHAPE);
  return {
    ...shape,
    context: Math.min(shape.context, positiveIntegerOr(config, "max_trained_positions", 2048)),
  };
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

const canonicalName = (name: string): string | undefined => {
  const bare = name.replace(/^bert\./, "");
  return /^(pooler|cls)\./.test(bare) ? undefined : bare;
};

function tensorRules(shape: EncoderShape) {
  const { width, feedForward, layers } = shape;
  const linears: [source: string, target: string, outputs: number, inputs: number][] = [
    ["attn.Wqkv", "attn_qkv", 3 * width, width],
    ["attn.out_proj", "attn_output", width, width],
    ["mlp.fc11", "ffn_up", feedForward, width],
    ["mlp.fc12", "ffn_gate", feedForward, width],
    ["mlp.fc2", "ffn_down", width, feedForward],
  ];
  return new Map([
    ...embeddings(shape),
    ...norm("emb_ln", "token_embd_norm", width),
    ...everyLayer(layers, (layer) => {
      const [from, to] = [`encoder.layers.${layer}`, `blk.${layer}`];
      return [
        ...linears.map(([source, target, outputs, inputs]) =>
          weight(`${from}.${source}`, `${to}.${target}`, outputs, inputs),
        ),
        ...norm(`${from}.norm1`, `${to}.attn_output_norm`, width),
        ...norm(`${from}.norm2`, `${to}.layer_output_norm`, width),
      ];
    }),
  ]);
}
