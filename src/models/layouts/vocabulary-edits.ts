import { GgufStrings } from "../gguf/strings.ts";
import type { GgufArray } from "../gguf/value.ts";
import { arrayIn, dimensionIn, type Edit, type HeaderView, stringsIn } from "./view.ts";

const LISTS = ["tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type"];

/** The vocabulary cut to the rows of a tensor: tokens of other media at its end have no embedding. */
export const cutVocabularyTo =
  (tensor: string): Edit =>
  (view) => {
    const rows = dimensionIn(view, tensor, 1);
    if (rows !== undefined) cutVocabulary(view, rows);
  };

/** The vocabulary's first `count` tokens. */
export function cutVocabulary(view: HeaderView, count: number): void {
  for (const key of LISTS) {
    const list = arrayIn(view, key);
    if (list !== undefined && list.value.length > count) view.metadata.set(key, firstOf(list, count));
  }
}

function firstOf(array: GgufArray, count: number): GgufArray {
  switch (array.of) {
    case "string":
      return { ...array, value: firstStrings(array.value, count) };
    case "uint64":
    case "int64":
      return { ...array, value: Array.from(array.value).slice(0, count) };
    default:
      return { ...array, value: Array.from(array.value).slice(0, count) };
  }
}

const firstStrings = (strings: readonly string[] | GgufStrings, count: number) =>
  strings instanceof GgufStrings ? strings.first(count) : strings.slice(0, count);

/** `enum llama_token_type` */
const NORMAL = 1;
const BYTE = 6;

/** Corrects types of tokens that are wrong in published files: those of single bytes, and of tokens kept in reserve. */
export const typeBytesAndUnused: Edit = (view) => {
  const tokens = stringsIn(view, "tokenizer.ggml.tokens");
  const types = arrayIn(view, "tokenizer.ggml.token_type");
  if (tokens === undefined || types === undefined || types.of !== "int32") return;
  const value = Int32Array.from(types.value);
  let index = 0;
  for (const text of tokens) {
    if (/^<0x..>$/.test(text)) value[index] = BYTE;
    else if (text.startsWith("<unused")) value[index] = NORMAL;
    index++;
  }
  view.metadata.set("tokenizer.ggml.token_type", { type: "array", of: "int32", value });
};

/** One more token that ends an answer. @param otherwise the list where the file has none. */
export const endAlsoWith =
  (id: number, otherwise: readonly number[]): Edit =>
  (view) => {
    const key = "tokenizer.ggml.eos_token_ids";
    const list = arrayIn(view, key);
    if (list === undefined) {
      view.metadata.set(key, { type: "array", of: "int32", value: otherwise });
      return;
    }
    if (list.of !== "int32" && list.of !== "uint32") return;
    const ids = Array.from(list.value);
    if (!ids.includes(id)) view.metadata.set(key, { ...list, value: [...ids, id] });
  };
