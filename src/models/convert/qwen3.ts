import type { Architecture } from "./architecture.ts";
import { bytePairMetadata } from "./byte-pair.ts";
import { decoderMetadata, decoderName, decoderPooling, decoderTensors, readDecoderShape } from "./decoder.ts";
import { requireOneOf } from "./json.ts";
import { readRope } from "./rope.ts";

/** Qwen 3: as Qwen 2 without biases, with a norm on each head's queries and keys. */
export const qwen3: Architecture = {
  name: "qwen3",
  accepts: ["Qwen3ForCausalLM"],
  async plan({ folder, config }) {
    const shape = readDecoderShape(config, { headSize: 128 });
    requireOneOf(config, "hidden_act", [null, "silu"]);
    requireOneOf(config, "use_sliding_window", [null, false]);
    requireOneOf(config, "attention_bias", [null, false]);
    const rope = readRope(config, "qwen3", shape.headSize, ["linear", "yarn"]);
    return {
      metadata: [
        ...decoderMetadata("qwen3", shape),
        ...rope.metadata,
        ...(await decoderPooling("qwen3", folder)),
        ...(await bytePairMetadata({ folder, config }, shape.vocabulary)),
      ],
      tensors: decoderTensors(shape, {
        norms: [
          ["input_layernorm", "attn_norm"],
          ["post_attention_layernorm", "ffn_norm"],
        ],
        headNorms: true,
      }),
      canonicalName: decoderName(shape),
    };
  },
};
