import { choice, type Expr, literal, sequence } from "../../grammar/gbnf.ts";
import type { RuleBook } from "../../grammar/rule-book.ts";
import type { CallableTool, CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { readJsonCalls } from "./json-calls.ts";

/** Names of the fields of a call in JSON. */
export interface CallKeys {
  name: string;
  arguments: string;
}

export const HERMES_KEYS: CallKeys = { name: "name", arguments: "arguments" };

/** `{"name": "f", "arguments": {…}}`, spaced as templates space it. */
export const callObject = (keys: CallKeys, tool: CallableTool): Expr =>
  sequence(
    literal(`{"${keys.name}": ${JSON.stringify(tool.name)}, "${keys.arguments}": `),
    tool.arguments,
    literal("}"),
  );

/** A call of any of the tools; as a rule of its own it can be repeated. */
export const anyCallObject = (book: RuleBook, keys: CallKeys, tools: readonly CallableTool[]): Expr =>
  book.add("call", choice(tools.map((tool) => callObject(keys, tool))));

/** Most calls that a grammar allows in one answer: the model could go on for ever. */
const MAX_FORCED_CALLS = 8;

/** `item`, or several of them with `between` between them. */
export const callsOf = (book: RuleBook, item: Expr, between: string, several: boolean): Expr =>
  several ? sequence(item, book.repeat(sequence(literal(between), item), 0, MAX_FORCED_CALLS - 1)) : item;

/** Drops the tag that ends a block. White space in front of anything else stays. */
export function* skipClosing({ feed, out }: ReadContext, close: string): Reading {
  const space = yield* feed.space();
  if (!(yield* feed.skip(close))) out.text(space);
}

export interface TaggedJson {
  open: string;
  /** "": a block ends where no further call follows. */
  close: string;
  keys: CallKeys;
  /** Calls stand in a list, even a single one. */
  list: boolean;
}

/** Calls in JSON behind a tag: Granite's `<|tool_call|>[…]`, Command R7B's `<|START_ACTION|>[…]<|END_ACTION|>` and others. */
export const taggedJson = ({ open, close, keys, list }: TaggedJson): CallSyntax => ({
  opens: [open],
  marks: close === "" ? [] : [close],
  *read(raw, context) {
    const calls = yield* readJsonCalls(context, { raw });
    if (calls && close !== "") yield* skipClosing(context, close);
  },
  grammar(book, tools, several) {
    const call = anyCallObject(book, keys, tools);
    const calls = list
      ? sequence(literal("["), callsOf(book, call, ", ", several), literal("]"))
      : callsOf(book, call, "\n", several);
    return sequence(literal(open), calls, literal(close));
  },
});
