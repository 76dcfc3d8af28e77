import type { Architecture } from "./architecture.ts";
import { bytePairMetadata } from "./byte-pair.ts";
import { decoderMetadata, decoderName, decoderPooling, decoderTensors, readDecoderShape } from "./decoder.ts";
import { requireOneOf } from "./json.ts";
import { readRope } from "./rope.ts";

/** Qwen 1.5 to 2.5: queries, keys and values have biases. */
export const qwen2: Architecture = {
  name: "qwen2",
  accepts: ["Qwen2ForCausalLM"],
  async plan({ folder, config }) {
    const shape = readDecoderShape(config);
    requireOneOf(config, "hidden_act", [null, "silu"]);
    requireOneOf(config, "use_sliding_window", [null, false]);
    const rope = readRope(config, "qwen2", shape.headSize, ["linear", "yarn"]);
    return {
      metadata: [
        ...decoderMetadata("qwen2", shape),
        ...rope.metadata,
        ...(await decoderPooling("qwen2", folder)),
        ...(await bytePairMetadata({ folder, config }, shape.vocabulary)),
      ],
      tensors: decoderTensors(shape, {
        norms: [
          ["input_layernorm", "attn_norm"],
          ["post_attention_layernorm", "ffn_norm"],
        ],
        biased: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
      }),
      canonicalName: decoderName(shape),
    };
  },
};
