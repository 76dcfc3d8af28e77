import { float32, ggufString, uint32 } from "../../gguf/value.ts";
import { become, columnsOf, copyKey, inject, rowsOf, setKey, setPreTokenizer } from "../key-edits.ts";
import type { Layout } from "../layout.ts";
import { allOf, always, anyOf, key, not, tensor, tensors } from "../markers.ts";
import { hide, rename, renameTensor } from "../tensor-edits.ts";
import { dimensionIn, numberIn, stringsIn, textIn } from "../view.ts";

/** gpt-oss:20b and :120b. */
export const gptoss: Layout = {
  name: "gptoss",
  architectures: ["gptoss"],
  marked: always,
  edits: [
    become("gpt-oss"),
    inject("expert_feed_forward_length", rowsOf("blk.0.ffn_gate_exps.weight")),
    inject("rope.scaling.type", ggufString("yarn")),
    setKey("tokenizer.ggml.pre", ggufString("gpt-4o")),
    rename(".attn_out.", ".attn_output."),
    rename(/\.attn_sinks$/, ".attn_sinks.weight"),
    rename(/\.ffn_norm\.weight$/, ".post_attention_norm.weight"),
  ],
};

/** mistral-small3.1 and later, ministral-3, devstral-small-2. */
export const mistral3: Layout = {
  name: "mistral3",
  architectures: ["mistral3"],
  marked: anyOf(
    tensors("v."),
    tensors("mm."),
    key("rope.scaling.beta_fast"),
    key("rope.scaling.mscale_all_dim"),
    key("rope.scaling_beta"),
  ),
  edits: [
    copyKey("rope.scaling.beta_fast", "rope.scaling.yarn_beta_fast"),
    copyKey("rope.scaling.beta_slow", "rope.scaling.yarn_beta_slow"),
    copyKey("rope.scaling.mscale_all_dim", "rope.scaling.yarn_log_multiplier"),
    copyKey("rope.scaling_beta", "attention.temperature_scale"),
    setPreTokenizer("tekken"),
    hide("v.", "mm."),
  ],
};

export const olmo3: Layout = {
  name: "olmo3",
  architectures: ["olmo3"],
  marked: always,
  edits: [become("olmo2")],
};

export const lfm2: Layout = {
  name: "lfm2",
  architectures: ["lfm2"],
  marked: allOf(tensor("output_norm.weight"), not(tensor("token_embd_norm.weight"))),
  edits: [
    renameTensor("output_norm.weight", "token_embd_norm.weight"),
    setKey("tokenizer.ggml.pre", ggufString("lfm2")),
    setKey("feed_forward_length", rowsOf("blk.0.ffn_gate.weight")),
  ],
};

export const deepseekocr: Layout = {
  name: "deepseekocr",
  architectures: ["deepseekocr"],
  marked: always,
  edits: [
    become("deepseek2-ocr"),
    inject("attention.layer_norm_rms_epsilon", float32(1e-6)),
    inject("expert_feed_forward_length", columnsOf("blk.1.ffn_down_exps.weight")),
    inject("expert_shared_count", (view) => {
      const shared = dimensionIn(view, "blk.1.ffn_down_shexp.weight", 0);
      const one = numberIn(view, "expert_feed_forward_length");
      return shared === undefined || !one ? undefined : uint32(Math.floor(shared / one));
    }),
    hide("s.", "v.", "mm."),
  ],
};

export const laguna: Layout = {
  name: "laguna",
  architectures: ["laguna"],
  marked: anyOf(key("rope.swa.dimension_count"), key("rope.swa.freq_base"), tensor("blk.0.attn_g.weight")),
  edits: [
    copyKey("rope.swa.dimension_count", "rope.dimension_count_swa"),
    copyKey("rope.swa.freq_base", "rope.freq_base_swa"),
    rename(/\.attn_g\.weight$/, ".attn_gate.weight"),
  ],
};

const CHARSMAP = "tokenizer.ggml.precompiled_charsmap";

/** The file has the map's base64, a string for each letter; llama.cpp wants its bytes, and aborts on strings. */
export const arcticEmbed2: Layout = {
  name: "snowflake-arctic-embed2",
  architectures: ["bert"],
  marked: allOf(
    (view) => textIn(view, "tokenizer.ggml.model") === "t5",
    (view) => stringsIn(view, CHARSMAP)?.at(0)?.length === 1,
  ),
  edits: [
    setKey(CHARSMAP, (view) => {
      const letters = stringsIn(view, CHARSMAP);
      if (letters === undefined) return undefined;
      const value = Uint8Array.from(Buffer.from([...letters].join(""), "base64"));
      return { type: "array", of: "uint8", value };
    }),
  ],
};
