import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { bool, float32, uint32 } from "../gguf/value.ts";
import type { Architecture, Metadata, Transform } from "./architecture.ts";
import {
  type DecoderDefaults,
  type DecoderShape,
  decoderMetadata,
  decoderName,
  decoderTensors,
  readDecoderShape,
} from "./decoder.ts";
import { type JsonFile, positiveIntegerOr, positiveNumber, positiveNumberOr, requireOneOf } from "./json.ts";
import { readRope } from "./rope.ts";
import { sentencePieceMetadata } from "./sentencepiece.ts";

/** The defaults of `Gemma3TextConfig` in transformers; published configs leave many of these keys out. */
const DEFAULTS: DecoderDefaults = {
  vocabulary: 262_208,
  context: 131_072,
  width: 2304,
  feedForward: 9216,
  heads: 8,
  kvHeads: 4,
  headSize: 256,
  layers: 26,
  rmsEpsilon: 1e-6,
  tied: true,
};

/** Every sixth layer sees the whole context, the others a window; llama.cpp has that number built in. */
const PATTERN = 6;
/** The number of layers by which llama.cpp knows the 27B model, whose attention is scaled another way. */
const LAYERS_OF_27B = 62;

const VISION = /^(model\.)?(vision_tower|multi_modal_projector)\./;

/** Gemma 3: the text models, and the text part of those that see. */
export const gemma3: Architecture = {
  name: "gemma3",
  accepts: ["Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"],
  async plan({ folder, config: whole }) {
    const sees = isRecord(whole.fields.text_config);
    const config = textConfig(whole);
    const shape = readDecoderShape(config, DEFAULTS);
    refuseOtherMaths(config, shape);
    const named = decoderName(shape);
    return {
      metadata: [
        ...decoderMetadata("gemma3", shape),
        ...attention(config),
        ...readRope(config, "gemma3", shape.headSize, ["linear"], 1_000_000).metadata,
        ["gemma3.rope.freq_base_swa", float32(positiveNumberOr(config, "rope_local_base_freq", 10_000))],
        ...(await sentencePieceMetadata({ folder, config }, shape.vocabulary)),
        ["tokenizer.ggml.add_space_prefix", bool(false)],
      ],
      tensors: decoderTensors(shape, {
        norms: [
          ["input_layernorm", "attn_norm"],
          ["post_attention_layernorm", "post_attention_norm"],
          ["pre_feedforward_layernorm", "ffn_norm"],
          ["post_feedforward_layernorm", "post_ffw_norm"],
        ],
        headNorms: true,
        norm: plusOne,
      }),
      warnings: sees ? ["the model's vision part is left out: only its text part is converted"] : [],
      canonicalName: (name) =>
        VISION.test(name) ? undefined : named(name.replace(/^(model\.)?language_model\./, "")),
    };
  },
};

/** A model that sees has the settings of its text part in an object of its own. */
function textConfig({ label, fields }: JsonFile): JsonFile {
  return isRecord(fields.text_config)
    ? { label, fields: { ...fields, ...fields.text_config } }
    : { label, fields };
}

function attention(config: JsonFile): Metadata {
  const cap = config.fields.final_logit_softcapping ?? undefined;
  const softcapping: Metadata =
    cap === undefined
      ? []
      : [["gemma3.final_logit_softcapping", float32(positiveNumber(config, "final_logit_softcapping"))]];
  return [
    ["gemma3.attention.sliding_window", uint32(positiveIntegerOr(config, "sliding_window", 4096))],
    ...softcapping,
  ];
}

/** Refuses settings other than those that llama.cpp assumes: such a model would load and give wrong text. */
function refuseOtherMaths(config: JsonFile, { layers, width, heads, headSize }: DecoderShape): void {
  requireOneOf(config, "hidden_activation", [null, "gelu_pytorch_tanh"]);
  requireOneOf(config, "attn_logit_softcapping", [null]);
  requireOneOf(config, "attention_bias", [null, false]);
  requireOneOf(config, "use_bidirectional_attention", [null, false]);
  requireOneOf(config, "sliding_window_pattern", [null, PATTERN]);
  const scale = positiveNumberOr(config, "query_pre_attn_scalar", 256);
  const expected = layers === LAYERS_OF_27B ? Math.floor(width / heads) : headSize;
  if (scale !== expected) {
    throw badRequest(
      `${config.label}: query_pre_attn_scalar ${scale} is not supported (supported: ${expected})`,
    );
  }
  const types: unknown = config.fields.layer_types;
  if (!Array.isArray(types)) return;
  const regular = types.every((type, layer) => (type === "full_attention") === ((layer + 1) % PATTERN === 0));
  if (!regular)
    throw badRequest(`${config.label}: layer_types must have full attention in every sixth layer`);
}

/** Gemma stores how much a norm's weight differs from 1. */
const plusOne: Transform = { apply: (values) => values.map((value) => value + 1) };
