import { makeCall } from "../call-object.ts";
import type { ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { TagSet } from "../tag-set.ts";
import { typedValue } from "../typed-value.ts";

const KEY = "<arg_key>";
const KEY_END = "</arg_key>";
const VALUE = "<arg_value>";
const VALUE_END = "</arg_value>";

function argumentsOf(body: string, schemas: Record<string, unknown>): Record<string, unknown> | undefined {
  const [before = "", ...pieces] = body.split(KEY);
  if (before.trim() !== "") return undefined;
  const entries: [string, unknown][] = [];
  for (const piece of pieces) {
    const keyEnd = piece.indexOf(KEY_END);
    const value = piece.indexOf(VALUE, keyEnd);
    if (keyEnd < 0 || value < 0) return undefined;
    const end = piece.indexOf(VALUE_END, value);
    const key = piece.slice(0, keyEnd).trim();
    const text = piece.slice(value + VALUE.length, end < 0 ? undefined : end);
    entries.push([key, typedValue(text, schemas[key])]);
  }
  return Object.fromEntries(entries);
}

/**
 * Reads GLM's calls, `name<arg_key>k</arg_key><arg_value>v</arg_value>…` up to the closing tag (spec: modelfile §9).
 * @param taken what has been taken of the block.
 */
export function* readArgKeyCall(taken: string, close: string, { feed, out, tools }: ReadContext): Reading {
  const head = yield* feed.before(new TagSet([KEY, "\n", close]));
  const name = head.text.trim();
  let raw = taken + head.text + (head.tag ?? "");
  if (head.tag === undefined || !tools.has(name)) {
    out.broken(raw, name === "" ? "it is empty" : `"${name}" is not a tool of this request`);
    return;
  }
  let body = head.tag === KEY ? KEY : "";
  if (head.tag !== close) {
    const rest = yield* feed.before(new TagSet([close]));
    body += rest.text;
    raw += rest.text + (rest.tag ?? "");
    if (rest.tag === undefined) {
      out.broken(raw, "it is incomplete");
      return;
    }
  }
  const args = argumentsOf(body, tools.properties(name));
  const result = args === undefined ? { why: "its arguments are broken" } : makeCall(name, args, tools);
  if ("call" in result) out.call(result.call);
  else out.broken(raw, result.why);
}
