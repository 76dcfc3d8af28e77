import { makeCall } from "../call-object.ts";
import type { ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { parseObject } from "../literal-parser.ts";
import { TagSet } from "../tag-set.ts";
import { typedValue } from "../typed-value.ts";

const KEY = "<arg_key>";
const KEY_END = "</arg_key>";
const VALUE = "<arg_value>";
const VALUE_END = "</arg_value>";

/** `name`, and the text behind it: pairs of tags, or the arguments as one JSON object. */
const CALL = /^\s*([^\s<{]+)\s*([\s\S]*)$/;

type Arguments = Record<string, unknown>;

/** A key and its value; the model may have forgotten either closing tag. */
function pairOf(piece: string): [key: string, text: string] | undefined {
  const value = piece.indexOf(VALUE);
  if (value < 0) return undefined;
  const keyEnd = piece.indexOf(KEY_END);
  const key = piece.slice(0, keyEnd < 0 || keyEnd > value ? value : keyEnd).trim();
  const end = piece.indexOf(VALUE_END, value);
  return [key, piece.slice(value + VALUE.length, end < 0 ? undefined : end)];
}

function argumentsOf(body: string, schemas: Arguments): Arguments | undefined {
  if (body.startsWith("{")) return parseObject(body);
  // A model that has forgotten to open the first key has closed it nevertheless.
  const begun = body === "" || body.startsWith(KEY) ? body : KEY + body;
  const entries: [string, unknown][] = [];
  for (const piece of begun.split(KEY).slice(1)) {
    const pair = pairOf(piece);
    if (pair === undefined) return undefined;
    entries.push([pair[0], typedValue(pair[1], schemas[pair[0]])]);
  }
  return Object.fromEntries(entries);
}

/**
 * Reads GLM's calls, `name<arg_key>k</arg_key><arg_value>v</arg_value>…` up to the closing tag (docs/behaviour: modelfile §9).
 * @param taken the text of the block that has been taken already.
 */
export function* readArgKeyCall(taken: string, close: string, { feed, out, tools }: ReadContext): Reading {
  const head = yield* feed.before(new TagSet([KEY, KEY_END, "\n", close]));
  const begun = head.text + (head.tag ?? "");
  const name = CALL.exec(head.text)?.[1] ?? "";
  if (name === "" || !tools.has(name)) {
    out.broken(taken + begun, name === "" ? "it is empty" : `"${name}" is not a tool of this request`);
    return;
  }
  const rest = head.tag === close ? head : yield* feed.before(new TagSet([close]));
  const { tag = "" } = rest;
  const text = rest === head ? head.text : begun + rest.text;
  const raw = taken + text + tag;
  const body = CALL.exec(text)?.[2] ?? "";
  const args = argumentsOf(body.trimEnd(), tools.properties(name));
  if (args === undefined || (tag === "" && !isWhole(body))) {
    out.broken(raw, tag === "" ? "it is incomplete" : "its arguments are broken");
    return;
  }
  const result = makeCall(name, args, tools);
  if ("call" in result) out.call(result.call);
  else out.broken(raw, result.why);
}

/** Is a call complete although the tag that closes it is missing? */
const isWhole = (body: string): boolean => body.trimEnd().endsWith(VALUE_END);
