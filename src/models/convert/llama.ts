import { uint32 } from "../gguf/value.ts";
import type { Architecture, Transform } from "./architecture.ts";
import { bytePairMetadata } from "./byte-pair.ts";
import { decoderMetadata, decoderName, decoderTensors, flagOr, readDecoderShape } from "./decoder.ts";
import { requireOneOf } from "./json.ts";
import { readRope } from "./rope.ts";
import { sentencePieceMetadata } from "./sentencepiece.ts";

const ATTENTION = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"];
const FEED_FORWARD = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];

/** Llama 1 to 3 and models that have been built like them. */
export const llama: Architecture = {
  name: "llama",
  accepts: ["LlamaForCausalLM"],
  async plan({ folder, config }) {
    const shape = readDecoderShape(config);
    requireOneOf(config, "hidden_act", [null, "silu"]);
    requireOneOf(config, "partial_rotary_factor", [null, 1]);
    const rope = readRope(config, "llama", shape.headSize, ["linear", "yarn", "llama3"]);
    const vocabulary = folder.files.has("tokenizer.model") ? sentencePieceMetadata : bytePairMetadata;
    return {
      metadata: [
        ...decoderMetadata("llama", shape),
        ["llama.vocab_size", uint32(shape.vocabulary)],
        ["llama.rope.dimension_count", uint32(shape.headSize)],
        ...rope.metadata,
        ...(await vocabulary({ folder, config }, shape.vocabulary)),
      ],
      tensors: decoderTensors(shape, {
        norms: [
          ["input_layernorm", "attn_norm"],
          ["post_attention_layernorm", "ffn_norm"],
        ],
        biased: [
          ...(flagOr(config, "attention_bias", false) ? ATTENTION : []),
          ...(flagOr(config, "mlp_bias", false) ? FEED_FORWARD : []),
        ],
        rotary: interleaved(shape.headSize),
      }),
      computed: rope.computed,
      canonicalName: decoderName(shape),
    };
  },
};

/**
 * The rotation turns pairs of rows of a head. Hugging Face keeps the two rows of a pair half a head apart, llama.cpp's `llama`
 * next to each other.
 */
function interleaved(headSize: number): Transform {
  return {
    rows: headSize,
    apply(values) {
      const row = values.length / headSize;
      const out = new Float32Array(values.length);
      for (let pair = 0; pair < headSize / 2; pair++) {
        const [first, second] = [pair * row, (pair + headSize / 2) * row];
        out.set(values.subarray(first, first + row), 2 * pair * row);
        out.set(values.subarray(second, second + row), (2 * pair + 1) * row);
      }
      return out;
    },
  };
}
