import { float32, ggufString } from "../../gguf/value.ts";
import { become, columnsOf, copyKey, inject, removeKey, rowsOf, setKey } from "../key-edits.ts";
import type { Layout } from "../layout.ts";
import { allOf, anyOf, key, not, tensor, tensors } from "../markers.ts";
import { cutRows, hide, rename, renameTensor } from "../tensor-edits.ts";
import { dimensionIn, type HeaderView, numberIn, textIn } from "../view.ts";
import { cutVocabulary, cutVocabularyTo, endAlsoWith, typeBytesAndUnused } from "../vocabulary-edits.ts";

/** Gemma 3 of 4B and more was extended to this context length by scaling RoPE, which the files do not say. */
const EXTENDED_CONTEXT = 131_072;

const whereExtended =
  <T>(value: T) =>
  (view: HeaderView): T | undefined =>
    (numberIn(view, "context_length") ?? 0) >= EXTENDED_CONTEXT ? value : undefined;

/** gemma3:270m to gemma3:27b. Ollama also adds a chat template, which llamero does not need: a TEMPLATE comes with these models. */
export const gemma3: Layout = {
  name: "gemma3",
  architectures: ["gemma3"],
  marked: allOf(
    not(tensor("dense.0.weight")),
    anyOf(
      key("mm.tokens_per_image"),
      tensors("v."),
      tensors("mm."),
      key("rope.global.freq_base"),
      key("rope.local.freq_base"),
      key("tokenizer.ggml.add_padding_token"),
      key("tokenizer.ggml.add_unknown_token"),
      not(key("attention.layer_norm_rms_epsilon")),
    ),
  ),
  edits: [
    copyKey("rope.global.freq_base", "rope.freq_base"),
    inject("rope.freq_base", float32(1_000_000)),
    copyKey("rope.local.freq_base", "rope.freq_base_swa"),
    inject("rope.freq_base_swa", float32(10_000)),
    inject("attention.layer_norm_rms_epsilon", float32(1e-6)),
    inject("rope.scaling.type", whereExtended(ggufString("linear"))),
    inject("rope.scaling.factor", whereExtended(float32(8))),
    cutVocabularyTo("token_embd.weight"),
    hide("v.", "mm."),
  ],
};

export const embeddingGemma: Layout = {
  name: "embeddinggemma",
  architectures: ["gemma3"],
  marked: tensor("dense.0.weight"),
  edits: [
    become("gemma-embedding"),
    removeKey("attention.causal", "attention.sliding_window_pattern"),
    inject("rope.freq_base_swa", float32(10_000)),
    setKey("dense_2_feat_in", columnsOf("dense.0.weight")),
    setKey("dense_2_feat_out", rowsOf("dense.0.weight")),
    setKey("dense_3_feat_in", columnsOf("dense.1.weight")),
    setKey("dense_3_feat_out", rowsOf("dense.1.weight")),
    renameTensor("dense.0.weight", "dense_2.weight"),
    renameTensor("dense.1.weight", "dense_3.weight"),
    renameTensor("norm.weight", "output_norm.weight"),
  ],
};

/** Tokens of the text model; the published vocabulary goes on with those of images and sound. */
const textTokens = (view: HeaderView): number | undefined =>
  dimensionIn(view, "per_layer_token_embd.weight", 1);

/** The token that ends a turn. Published files do not list it among the tokens that end an answer. */
const END_OF_TURN = 106;

export const gemma3n: Layout = {
  name: "gemma3n",
  architectures: ["gemma3n"],
  marked: (view) => {
    const rows = textTokens(view);
    return rows !== undefined && dimensionIn(view, "token_embd.weight", 1) !== rows;
  },
  edits: [
    setKey("tokenizer.ggml.model", ggufString("llama")),
    (view) => {
      const rows = textTokens(view);
      if (rows === undefined) return;
      cutRows(view, "token_embd.weight", rows);
      cutVocabulary(view, rows);
    },
    typeBytesAndUnused,
    endAlsoWith(END_OF_TURN, [1, END_OF_TURN]),
  ],
};

/** Published files have a mixture's gate and up projections apart, which llama.cpp reads as well as the two in one tensor. */
export const gemma4: Layout = {
  name: "gemma4",
  architectures: ["gemma4"],
  marked: anyOf(
    tensors("a."),
    tensors("v."),
    tensors("mm."),
    tensors("model.vision_tower."),
    (view) => textIn(view, "tokenizer.ggml.model") === "llama",
  ),
  edits: [
    setKey("tokenizer.ggml.model", (view) =>
      textIn(view, "tokenizer.ggml.model") === "llama" ? ggufString("gemma4") : undefined,
    ),
    hide("a.", "v.", "mm.", "model.vision_tower."),
    rename(/\.ffn_gate_inp\.per_expert_scale$/, ".ffn_down_exps.scale"),
  ],
};
