import { choice, literal, sequence } from "../../grammar/gbnf.ts";
import { makeCall } from "../call-object.ts";
import type { CallSyntax } from "../call-syntax.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import { LiteralError, LiteralParser } from "../literal-parser.ts";
import { TagSet } from "../tag-set.ts";
import { callsOf } from "./tagged-json.ts";

/** Text that the model has forgotten to quote. */
const BARE = /[^,}\]]+/y;
const HEAD = "call:";

/** @param whole the model has closed the call; strings and objects that it has left open inside are closed for it then. */
function callIn(text: string, tools: DeclaredTools, quote: string, whole: boolean) {
  const parser = new LiteralParser(text, { quotes: [quote, '"', "'"], bare: BARE, closesAtEnd: whole });
  try {
    if (!parser.take(HEAD)) return { why: `it does not begin with ${HEAD}` };
    const name = parser.name();
    const args = parser.value();
    return parser.ended ? makeCall(name, args, tools) : { why: "something follows its arguments" };
  } catch (error) {
    if (error instanceof LiteralError) return { why: error.message };
    throw error;
  }
}

/** Gemma's `call:name{key:<quote>text<quote>,n:1}` between tags (docs/behaviour: modelfile §9). */
export function gemma(open: string, close: string, quote: string): CallSyntax {
  const end = new TagSet([close]);
  return {
    opens: [open],
    marks: [close, quote],
    *read(raw, { feed, out, tools }) {
      const { text, tag } = yield* feed.before(end);
      const result = callIn(text, tools, quote, tag !== undefined);
      if ("call" in result) out.call(result.call);
      else out.broken(raw + text + (tag ?? ""), result.why);
    },
    // JSON's quotes are read like the syntax's own, and a grammar can bound the text in them.
    grammar(book, tools, several) {
      const calls = tools.map((tool) =>
        sequence(literal(`${open}${HEAD}${tool.name}`), tool.arguments, literal(close)),
      );
      return callsOf(book, book.add("call", choice(calls)), "", several);
    },
  };
}
