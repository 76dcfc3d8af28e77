import { int32s, uint32 } from "../../gguf/value.ts";
import { setKey, setPreTokenizer } from "../key-edits.ts";
import type { Layout } from "../layout.ts";
import { allOf, anyOf, tensors, token } from "../markers.ts";
import { hide } from "../tensor-edits.ts";
import { type HeaderView, numberIn, textIn } from "../view.ts";

const END_OF_TEXT = 128_001;
const START_HEADER = 128_006;
const END_OF_TURN = 128_009;

const templateHas =
  (...marks: string[]) =>
  (view: HeaderView): boolean =>
    marks.some((mark) => textIn(view, "tokenizer.chat_template")?.includes(mark));

const noPreTokenizer = (view: HeaderView): boolean =>
  ["", "default"].includes(textIn(view, "tokenizer.ggml.pre") ?? "");

const endsTheTurn = (key: string) =>
  setKey(key, (view) => {
    const id = numberIn(view, key);
    return id === undefined || id === END_OF_TEXT ? uint32(END_OF_TURN) : undefined;
  });

/** Llama 3 as first published: llama.cpp loads it, but splits words by another rule and goes on after the end of a turn. */
export const llama3: Layout = {
  name: "llama3",
  architectures: ["llama"],
  marked: allOf(
    token(END_OF_TURN, "<|eot_id|>"),
    anyOf(token(START_HEADER, "<|start_header_id|>"), templateHas("<|start_header_id|>", "<|eot_id|>")),
    anyOf(noPreTokenizer, (view) => numberIn(view, "tokenizer.ggml.eos_token_id") === END_OF_TEXT),
  ),
  edits: [
    setPreTokenizer("llama-bpe"),
    endsTheTurn("tokenizer.ggml.eos_token_id"),
    endsTheTurn("tokenizer.ggml.eot_token_id"),
    setKey("tokenizer.ggml.eos_token_ids", int32s([END_OF_TURN])),
  ],
};

export const llama4: Layout = {
  name: "llama4",
  architectures: ["llama4"],
  marked: anyOf(tensors("v."), tensors("mm.")),
  edits: [hide("v.", "mm.")],
};
