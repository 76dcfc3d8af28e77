import { choice, literal, sequence } from "../../grammar/gbnf.ts";
import { makeCall } from "../call-object.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { objectOf, readBrackets } from "../read-value.ts";
import { TagSet } from "../tag-set.ts";
import { readJsonCalls } from "./json-calls.ts";
import { callsOf, HERMES_KEYS, taggedJson } from "./tagged-json.ts";

const OPEN = "[TOOL_CALLS]";
const ARGS = "[ARGS]";
const CALL_ID = "[CALL_ID]";

const NAME_END = new TagSet([ARGS, CALL_ID, "{", "\n"]);
const ID_END = new TagSet([ARGS, "{", "\n"]);

/** `name[ARGS]{…}`, or with the id that the model gives the call, `name[CALL_ID]id[ARGS]{…}`. */
function* readNamedCall(taken: string, { feed, out, tools }: ReadContext): Reading {
  const head = yield* feed.before(NAME_END);
  const name = head.text.trim();
  let raw = taken + head.text + (head.tag ?? "");
  let { tag } = head;
  if (tag === CALL_ID) {
    const id = yield* feed.before(ID_END);
    raw += id.text + (id.tag ?? "");
    tag = id.tag;
  }
  if (!tools.has(name) || tag === undefined || tag === "\n") {
    out.broken(raw, tools.has(name) ? "it has no arguments" : `"${name}" is not a tool of this request`);
    return;
  }
  if (tag === ARGS) raw += yield* feed.space();
  if (tag === ARGS && (yield* feed.next()) !== "{") {
    out.broken(raw, "its arguments are not an object");
    return;
  }
  const json = yield* readBrackets(feed, { jsonOnly: true, begun: tag === "{" ? "{" : "" });
  const value = objectOf(json);
  const result = value === undefined ? { why: "its JSON is broken" } : makeCall(name, value, tools);
  if ("call" in result) out.call(result.call);
  else out.broken(tag === "{" ? raw.slice(0, -1) + json.text : raw + json.text, result.why);
}

function* read(open: string, context: ReadContext): Reading {
  const raw = open + (yield* context.feed.space());
  const next = yield* context.feed.next();
  if (next === "[" || next === "{") yield* readJsonCalls(context, { raw });
  else yield* readNamedCall(raw, context);
}

const inList = taggedJson({ open: OPEN, close: "", keys: HERMES_KEYS, list: true });

/** Mistral's `[TOOL_CALLS][{…}, {…}]`. */
export const mistral: CallSyntax = { ...inList, marks: [ARGS, CALL_ID], read };

/** Mistral's models since 2025: `[TOOL_CALLS]name[ARGS]{…}`, the tag in front of every call. */
export const mistralNamed: CallSyntax = {
  ...mistral,
  grammar(book, tools, several) {
    const calls = tools.map((tool) => sequence(literal(`${OPEN}${tool.name}${ARGS}`), tool.arguments));
    return callsOf(book, book.add("call", choice(calls)), "", several);
  },
};
