import { encodeGoJson } from "../../lib/go-json.ts";

type Json = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** By the function that writes, then by the object that it writes. */
const encodings = new WeakMap<object, WeakMap<object, Json>>();

/**
 * JSON of what `write` makes of an object, made once and kept as long as there is the object.
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
