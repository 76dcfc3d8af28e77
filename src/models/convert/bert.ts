import { badRequest } from "../../lib/errors.ts";
import type { Architecture } from "./architecture.ts";
import {
  bias,
  type EncoderShape,
  embeddings,
  encoderMetadata,
  everyLayer,
  norm,
  readEncoderShape,
  weight,
} from "./encoder.ts";
import type { JsonFile } from "./json.ts";

const SHAPE = {
  context: "max_position_embeddings",
  width: "hidden_size",
  feedForward: "intermediate_size",
  heads: "num_attention_heads",
  layers: "num_hidden_layers",
} as const;

/**
 * BERT encoders as sentence-transformers publishes them: the recipe of llama.cpp's conversion (v0.5.0). The pooler and the
 * masked-language heads are left out; embeddings do not use them.
 */
export const bert: Architecture = {
  name: "bert",
  accepts: ["BertModel", "BertForMaskedLM"],
  async plan(model) {
    const shape = readEncoderShape(model.config, SHAPE);
    refuseOtherMaths(model.config);
    return {
      metadata: await encoderMetadata("bert", model, shape, "layer_norm_eps"),
      tensors: tensorRules(shape),
      canonicalName,
    };
  },
};

/** llama.cpp's BERT graph has one activation and one kind of position; a model with others would load and give wrong vectors. */
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

function tensorRules(shape: EncoderShape) {
  const { context, width, feedForward, layers } = shape;
  const linears: [source: string, target: string, outputs: number, inputs: number][] = [
    ["attention.self.query", "attn_q", width, width],
    ["attention.self.key", "attn_k", width, width],
    ["attention.self.value", "attn_v", width, width],
    ["attention.output.dense", "attn_output", width, width],
    ["intermediate.dense", "ffn_up", feedForward, width],
    ["output.dense", "ffn_down", width, feedForward],
  ];
  return new Map([
    ...embeddings(shape),
    [
      "embeddings.position_embeddings.weight",
      { target: "position_embd.weight", shape: [context, width], exact: true },
    ] as const,
    ...norm("embeddings.LayerNorm", "token_embd_norm", width),
    ...everyLayer(layers, (layer) => {
      const [from, to] = [`encoder.layer.${layer}`, `blk.${layer}`];
      return [
        ...linears.flatMap(([source, target, outputs, inputs]) => [
          weight(`${from}.${source}`, `${to}.${target}`, outputs, inputs),
          bias(`${from}.${source}`, `${to}.${target}`, outputs),
        ]),
        ...norm(`${from}.attention.output.LayerNorm`, `${to}.attn_output_norm`, width),
        ...norm(`${from}.output.LayerNorm`, `${to}.layer_output_norm`, width),
      ];
    }),
  ]);
}
