import { makeCall } from "../call-object.ts";
import type { CallSyntax } from "../call-syntax.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import { LiteralError, LiteralParser } from "../literal-parser.ts";
import { TagSet } from "../tag-set.ts";

function callIn(text: string, tools: DeclaredTools, quote: string) {
  const parser = new LiteralParser(text.replace(/^\s*call:/, ""), [quote, '"']);
  try {
    const name = parser.name();
    const args = parser.value();
    return parser.ended ? makeCall(name, args, tools) : { why: "something follows its arguments" };
  } catch (error) {
    if (error instanceof LiteralError) return { why: error.message };
    throw error;
  }
}

/** Gemma's `call:name{key:<quote>text<quote>,n:1}` between tags (spec: modelfile §9). */
export function gemma(open: string, close: string, quote: string): CallSyntax {
  const end = new TagSet([close]);
  return {
    opens: [open],
    marks: [close, quote],
    *read(raw, { feed, out, tools }) {
      const { text, tag = "" } = yield* feed.before(end);
      const result = tag === "" ? { why: "it is incomplete" } : callIn(text, tools, quote);
      if ("call" in result) out.call(result.call);
      else out.broken(raw + text + tag, result.why);
    },
  };
}
