import { literal, sequence } from "../../grammar/gbnf.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { pythonCalls } from "../python-calls.ts";
import { readBrackets } from "../read-value.ts";
import { readJsonCall, skipSecondBrace } from "./json-calls.ts";
import { anyCallObject, callsOf, HERMES_KEYS } from "./tagged-json.ts";

const FENCE = "```";
/** First keys of an object that may be a call. With any other key the text goes out at once, without waiting for the object's end. */
const CALL_KEYS = ["name", "tool_name", "function", "type", "id", "tool_call_id", "arguments", "parameters"];

/** A brace has been taken. Takes the first key and its quotes. @returns the text, and whether a call may begin like this. */
function* readHead({ feed, tools }: ReadContext): Reading<{ text: string; promising: boolean }> {
  let text = `{${yield* feed.space()}`;
  if (!(yield* feed.skip('"'))) return { text, promising: false };
  const key = yield* feed.while(/^\w*$/, /^\w*/);
  text += `"${key}`;
  if (!CALL_KEYS.includes(key) && !tools.has(key)) return { text, promising: false };
  const closed = yield* feed.skip('"');
  return { text: closed ? `${text}"` : text, promising: closed };
}

/** A brace has been taken. @param raw the text before it. @returns true when it was a call. */
function* readObject(raw: string, context: ReadContext): Reading<boolean> {
  const { feed } = context;
  // Qwen 2.5 Coder doubles the braces around a call.
  if (yield* feed.skip("{")) return yield* readDoubled(raw, context);
  const head = yield* readHead(context);
  if (head.promising) return yield* readJsonCall(context, raw, true, head.text);
  context.out.text(raw + head.text);
  return false;
}

/** Two braces have been taken. The second one at the end goes with the call, if it is there. */
function* readDoubled(raw: string, context: ReadContext): Reading<boolean> {
  const head = yield* readHead(context);
  if (!head.promising) {
    context.out.text(`${raw}{${head.text}`);
    return false;
  }
  const called = yield* readJsonCall(context, `${raw}{`, true, head.text);
  if (called) yield* skipSecondBrace(context);
  return called;
}

/** `[` has been taken: a list of objects, or of calls in Python's syntax. */
function* readList(taken: string, context: ReadContext): Reading<boolean> {
  const { feed, out } = context;
  let raw = taken + (yield* feed.space());
  if ((yield* feed.next()) !== "{") return yield* readPythonList(raw, context);
  while (yield* feed.skip("{")) {
    if (!(yield* readObject(raw, context))) return false;
    raw = yield* separators(context);
    if (yield* feed.skip("]")) return true;
  }
  out.text(raw);
  return false;
}

function* readPythonList(taken: string, { feed, out, tools }: ReadContext): Reading<boolean> {
  const name = yield* feed.while(/^[\w.-]*$/, /^[\w.-]*/);
  const raw = taken + name;
  if (!tools.has(name) || (yield* feed.next()) !== "(") {
    out.text(raw);
    return false;
  }
  const bracket = taken.lastIndexOf("[");
  const list = yield* readBrackets(feed, { jsonOnly: false, begun: taken.slice(bracket) + name });
  const text = taken.slice(0, bracket) + list.text;
  const result = list.state === "whole" ? pythonCalls(list.text, tools) : { why: "it is incomplete" };
  if ("calls" in result) for (const call of result.calls) out.call(call);
  else out.broken(text, result.why);
  return "calls" in result;
}

/** Takes white space, commas and semicolons between two calls. They are no part of the content. */
function* separators({ feed }: ReadContext): Reading<string> {
  return yield* feed.while(/^[\s,;]*$/, /^[\s,;]*/);
}

/**
 * A brace has been taken: an object, and more of them behind one another, behind commas or behind semicolons.
 * @param taken the text before it.
 * @returns the separators behind the last object; undefined where an object was no call.
 */
function* readObjects(taken: string, context: ReadContext): Reading<string | undefined> {
  const { feed } = context;
  let raw = taken;
  while (yield* readObject(raw, context)) {
    raw = yield* separators(context);
    if (!(yield* feed.skip("{"))) return raw;
  }
  return undefined;
}

/** After the three backticks: a language, a line break, and a call. The closing fence goes with it. */
function* readFence(taken: string, context: ReadContext): Reading {
  const { feed, out } = context;
  let raw = taken + (yield* feed.while(/^[\w-]*$/, /^[\w-]*/));
  const space = yield* feed.space();
  raw += space;
  const next = yield* feed.next();
  if (!space.includes("\n") || (next !== "{" && next !== "[")) {
    out.text(raw);
    return;
  }
  feed.take(1);
  const after = yield* next === "[" ? readFencedList(`${raw}[`, context) : readObjects(raw, context);
  if (after === undefined || (yield* feed.skip(FENCE))) return;
  yield* giveBack(after, context);
}

function* readFencedList(raw: string, context: ReadContext): Reading<string | undefined> {
  return (yield* readList(raw, context)) ? yield* separators(context) : undefined;
}

/** Separators with no call behind them belong to the text that follows; at the end of an answer they are left out. */
function* giveBack(text: string, { feed, out }: ReadContext): Reading {
  out.text((yield* feed.next()) === "" ? text.replaceAll(/[,;]/g, "") : text);
}

/**
 * Calls without any tag: JSON that names a tool of the request, bare or in a code fence, or a list of calls in Python's syntax
 * (docs/behaviour: modelfile §5). At the beginning of a line only.
 */
export const bareCalls: CallSyntax = {
  opens: ["{", "[", FENCE],
  marks: [],
  lineStart: true,
  *read(open, context) {
    if (open === FENCE) yield* readFence(open, context);
    else if (open === "[") yield* readList(open, context);
    else {
      const after = yield* readObjects("", context);
      if (after !== undefined) yield* giveBack(after, context);
    }
  },
};

/** How a model that shows no syntax of its own is made to write calls. */
export const bareWithArguments: CallSyntax = {
  ...bareCalls,
  grammar(book, tools, several) {
    const call = anyCallObject(book, HERMES_KEYS, tools);
    return several ? sequence(literal("["), callsOf(book, call, ", ", true), literal("]")) : call;
  },
};

/** Llama 3's JSON. */
export const bareWithParameters: CallSyntax = {
  ...bareCalls,
  grammar: (book, tools, several) =>
    callsOf(book, anyCallObject(book, { name: "name", arguments: "parameters" }, tools), "; ", several),
};
