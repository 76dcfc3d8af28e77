import { ggufString, uint32 } from "../../gguf/value.ts";
import { become, copyKey, inject, ropeSections, setKey } from "../key-edits.ts";
import type { Layout } from "../layout.ts";
import { always } from "../markers.ts";
import { hide, rename, stackRows } from "../tensor-edits.ts";
import { type HeaderView, numberIn, numbersIn, textIn } from "../view.ts";

/** llama.cpp's glm4 has a block's gate and up projections in one tensor. */
export const glmocr: Layout = {
  name: "glmocr",
  architectures: ["glmocr"],
  marked: always,
  edits: [
    become("glm4"),
    ropeSections("rope.mrope_section"),
    copyKey("attention.key_length", "rope.dimension_count"),
    setKey("tokenizer.ggml.pre", (view) =>
      textIn(view, "tokenizer.ggml.pre") === undefined ? undefined : ggufString("chatglm-bpe"),
    ),
    rename(".attn_out.", ".attn_output."),
    rename(".post_attn_norm.", ".post_attention_norm."),
    rename(".post_ffn_norm.", ".post_ffw_norm."),
    stackRows("ffn_gate.weight", "ffn_up.weight"),
    hide("v.", "mm."),
  ],
};

const number = (key: string) => (view: HeaderView) => {
  const value = numberIn(view, key);
  return value === undefined ? undefined : uint32(value);
};

/** The token at `index` of those that end an answer. */
const endToken = (index: number) => (view: HeaderView) => {
  const id = numbersIn(view, "tokenizer.ggml.eos_token_ids")?.[index];
  return id === undefined || id < 0 ? undefined : uint32(id);
};

/** glm-4.7-flash: DeepSeek 2's attention, whose compressed keys and values llama.cpp describes by other lengths. */
export const glm4moelite: Layout = {
  name: "glm4moelite",
  architectures: ["glm4moelite"],
  marked: always,
  edits: [
    become("deepseek2"),
    setKey("attention.key_length_mla", number("attention.key_length")),
    setKey("attention.value_length_mla", number("attention.key_length")),
    setKey("attention.head_count_kv", uint32(1)),
    setKey("attention.key_length", (view) => {
      const [rank, rope] = [numberIn(view, "attention.kv_lora_rank"), numberIn(view, "rope.dimension_count")];
      return rank === undefined || rope === undefined ? undefined : uint32(rank + rope);
    }),
    setKey("attention.value_length", number("attention.kv_lora_rank")),
    inject("expert_group_count", uint32(1)),
    inject("expert_group_used_count", uint32(1)),
    setKey("tokenizer.ggml.pre", ggufString("glm4")),
    inject("tokenizer.ggml.eot_token_id", endToken(1)),
    inject("tokenizer.ggml.eom_token_id", endToken(2)),
  ],
};
