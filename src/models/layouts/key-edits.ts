import { type GgufValue, ggufString, int32s, uint32 } from "../gguf/value.ts";
import { architectureOf, dimensionIn, type Edit, type HeaderView, keyIn, numbersIn, textIn } from "./view.ts";

/** A value, or a function that makes it of the file's header; undefined leaves the key unchanged. */
type Value = GgufValue | ((view: HeaderView) => GgufValue | undefined);

const valueFor = (view: HeaderView, value: Value): GgufValue | undefined =>
  typeof value === "function" ? value(view) : value;

/** Renames the architecture, and all keys that belong to it. A key that exists under the new name already stays. */
export const become =
  (architecture: string | ((view: HeaderView) => string)): Edit =>
  (view) => {
    const before = `${architectureOf(view)}.`;
    const name = typeof architecture === "function" ? architecture(view) : architecture;
    for (const [key, value] of [...view.metadata]) {
      if (!key.startsWith(before)) continue;
      const moved = `${name}.${key.slice(before.length)}`;
      view.metadata.delete(key);
      if (!view.metadata.has(moved)) view.metadata.set(moved, value);
    }
    view.metadata.set("general.architecture", ggufString(name));
  };

/** Sets the key's value, whatever it was. */
export const setKey =
  (key: string, value: Value): Edit =>
  (view) => {
    const found = valueFor(view, value);
    if (found !== undefined) view.metadata.set(keyIn(view, key), found);
  };

/** Sets the key's value where it has none. */
export const inject =
  (key: string, value: Value): Edit =>
  (view) => {
    if (!view.metadata.has(keyIn(view, key))) setKey(key, value)(view);
  };

/** Copies the value of `from` to a key that has none. */
export const copyKey = (from: string, to: string): Edit =>
  inject(to, (view) => view.metadata.get(keyIn(view, from)));

export const removeKey =
  (...keys: string[]): Edit =>
  (view) => {
    for (const key of keys) view.metadata.delete(keyIn(view, key));
  };

/** Sets the pre-tokenizer's name where the file has none, or `default`. */
export const setPreTokenizer = (name: string): Edit =>
  setKey("tokenizer.ggml.pre", (view) =>
    ["", "default"].includes(textIn(view, "tokenizer.ggml.pre") ?? "") ? ggufString(name) : undefined,
  );

/** Rows of a tensor that is a matrix, or of each of its matrices. */
export const rowsOf =
  (tensor: string) =>
  (view: HeaderView): GgufValue | undefined => {
    const rows = dimensionIn(view, tensor, 1);
    return rows === undefined ? undefined : uint32(rows);
  };

/** Columns of a tensor: the length of its rows. */
export const columnsOf =
  (tensor: string) =>
  (view: HeaderView): GgufValue | undefined => {
    const columns = dimensionIn(view, tensor, 0);
    return columns === undefined ? undefined : uint32(columns);
  };

/** Sets the sections of RoPE's dimensions: llama.cpp wants four, published files have three. */
export const ropeSections = (from: string): Edit =>
  setKey("rope.dimension_sections", (view) => {
    const sections = numbersIn(view, from);
    return sections !== undefined && sections.length >= 3 ? int32s([...sections.slice(0, 3), 0]) : undefined;
  });

/** Sets one number of key-value heads, the largest, where the file has one for each layer. */
export const oneKvHeadCount = (fallback: number): Edit =>
  setKey("attention.head_count_kv", (view) => {
    const counts = numbersIn(view, "attention.head_count_kv");
    if (counts === undefined) return undefined;
    return uint32(counts.reduce((most, count) => Math.max(most, count), 0) || fallback);
  });
