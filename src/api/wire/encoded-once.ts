import { encodeGoJson } from "../../lib/go-json.ts";

type Json = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** JSON by the function that writes it, then by the object that is written. */
const encodings = new WeakMap<object, WeakMap<object, Json>>();

/**
 * The JSON of `write(of)`, made once and kept as long as the object `of` exists.
 *
 * @param write always the same function, and the only thing besides `of` that the value depends on.
 */
export function encodedOnce<O extends object>(of: O, write: (of: O) => object): Json {
  const known = encodings.get(write) ?? new WeakMap<object, Json>();
  encodings.set(write, known);
  const json = known.get(of) ?? encoder.encode(encodeGoJson(write(of)));
  known.set(of, json);
  return json;
}
