import type { ToolCall } from "../../intent/message.ts";
import { type CallResult, callOf, makeCall } from "../call-object.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import type { Reading } from "../feed.ts";
import { parseObject } from "../literal-parser.ts";
import { readBrackets } from "../read-value.ts";
import { hermes } from "../syntax/hermes.ts";
import { TagSet } from "../tag-set.ts";
import { typedValue } from "../typed-value.ts";
import { type AnswerStart, isPrefilled, type NamedParser, thinks } from "./named-parser.ts";
import { readThought } from "./read-thought.ts";

const THINK = "<think>";
const THINK_END = "</think>";
const CALL = "<tool_call>";
const CALL_END = "</tool_call>";
const USER = "<user>";
const USER_END = "</user>";
const KEY = "<arg_key>";
const PAIR = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g;

/** Names that the model uses for tools that clients declare under other names. */
const ALIASES: Readonly<Record<string, string>> = {
  read_file: "read",
  write_file: "write",
  edit_file: "edit",
  web_fetch: "webfetch",
};

function ownName(name: string, tools: DeclaredTools): string {
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
  return !tools.declares(name) && tools.declares(alias) ? alias : name;
}

const NAMED_JSON = /^([^\s<{]+)\s*(\{[\s\S]*\})$/;
const NO_NAME = /[<>\s]/;

/** The call in a block: pairs of tags behind a name, an object behind a name, or an object that has the name in it. */
function callIn(text: string, tools: DeclaredTools): CallResult {
  const body = text.trim();
  if (body.startsWith("{")) return objectCall(body, tools);
  const [, named, json] = NAMED_JSON.exec(body) ?? [];
  if (named !== undefined && json !== undefined) {
    const value = parseObject(json);
    return value === undefined
      ? { why: "its JSON is broken" }
      : makeCall(ownName(named, tools), value, tools);
  }
  const at = body.indexOf(KEY);
  const name = ownName((at < 0 ? body : body.slice(0, at)).trim(), tools);
  if (NO_NAME.test(name)) return { why: "it names no tool" };
  const schemas = tools.properties(name);
  const pairs = [...body.matchAll(PAIR)].map(([, key = "", value = ""]) => {
    const own = key.trim();
    return [own, typedValue(value, schemas[own])] as const;
  });
  return makeCall(name, Object.fromEntries(pairs), tools);
}

function objectCall(text: string, tools: DeclaredTools): CallResult {
  const value = parseObject(text);
  if (value === undefined) return { why: "its JSON is broken" };
  const { name } = value;
  return callOf(typeof name === "string" ? { ...value, name: ownName(name, tools) } : value, tools, {
    strict: false,
  });
}

const toolCall: CallSyntax = {
  opens: [CALL],
  marks: [CALL_END],
  *read(taken, { feed, out, tools }) {
    const { text, tag } = yield* feed.before(new TagSet([CALL_END]));
    const result = tag === undefined ? { why: "it is incomplete" } : callIn(text, tools);
    if ("call" in result) out.call(result.call);
    else out.broken(taken + text + (tag ?? ""), result.why);
  },
};

/** A call that the model has put in the wrong tags; only of a tool of the request, since users are quoted like this too. */
function* readUserCall({ feed, out, tools }: ReadContext): Reading {
  const { text, tag } = yield* feed.before(new TagSet([USER_END]));
  const result = tag === undefined ? undefined : callIn(text, tools);
  const call: ToolCall | undefined = result !== undefined && "call" in result ? result.call : undefined;
  if (call !== undefined && tools.declares(call.name)) out.call(call);
  else out.text(USER + text + (tag ?? ""));
}

/** An answer that is an object and nothing else may be a call of a tool of the request. */
function* readBareCall({ feed, out, tools }: ReadContext): Reading {
  if ((yield* feed.next()) !== "{") return;
  const json = yield* readBrackets(feed, { jsonOnly: true });
  const result = json.state === "whole" ? objectCall(json.text, tools) : undefined;
  const call: ToolCall | undefined = result !== undefined && "call" in result ? result.call : undefined;
  if (call !== undefined && tools.declares(call.name)) out.call(call);
  else out.text(json.text);
}

const CONTENT = new TagSet([THINK, CALL, USER]);
const THOUGHT_ENDS = [THINK_END, CALL];

function* readContent(context: ReadContext, opened: string | undefined, shown: boolean): Reading {
  const { feed, out } = context;
  let tag = opened;
  if (tag === undefined) {
    out.skipSpace();
    yield* feed.space();
    yield* readBareCall(context);
    tag = yield* feed.until(CONTENT, (text) => out.text(text));
  }
  while (tag !== undefined) {
    if (tag === CALL) yield* toolCall.read(CALL, context);
    else if (tag === USER) yield* readUserCall(context);
    else {
      out.mark();
      const end = yield* readThought(context, { ends: THOUGHT_ENDS, hidden: !shown, keepsCut: true });
      out.skipSpace();
      if (end === CALL) yield* toolCall.read(CALL, context);
    }
    tag = yield* feed.until(CONTENT, (text) => out.text(text));
  }
  out.end();
}

/** Laguna and Poolside's models, which may think again at any place of the answer. @param continues an answer that goes on with a message never begins in thought. */
export function lagunaParser(continues: boolean): NamedParser {
  return {
    marks: [
      THINK,
      THINK_END,
      CALL,
      CALL_END,
      USER,
      USER_END,
      KEY,
      "</arg_key>",
      "<arg_value>",
      "</arg_value>",
    ],
    writes: hermes,
    tags: { open: THINK, close: THINK_END },
    rules: { drops: "cut" },
    *read(context, start: AnswerStart) {
      const shown = thinks(start);
      const opened = shown && !(continues && isPrefilled(start));
      const end = opened
        ? yield* readThought(context, { ends: THOUGHT_ENDS, skips: [THINK], keepsCut: true })
        : undefined;
      yield* readContent(context, end === CALL ? CALL : undefined, shown);
    },
  };
}
