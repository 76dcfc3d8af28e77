import type { ToolCall } from "../intent/message.ts";
import { makeCall } from "./call-object.ts";
import type { DeclaredTools } from "./declared-tools.ts";
import { LiteralError, type LiteralOptions, LiteralParser, type PythonCall } from "./literal-parser.ts";

/** `f.call(…)` is how Llama calls its built-in tool `f`. */
const BUILT_IN = /\.call$/;

function named(call: PythonCall, tools: DeclaredTools): { name: string; values: Record<string, unknown> } {
  const name = tools.has(call.name) ? call.name : call.name.replace(BUILT_IN, "");
  const keys = Object.keys(tools.properties(name));
  const positional = call.positional.map((value, at) => [keys[at] ?? `argument${at + 1}`, value] as const);
  return { name, values: { ...Object.fromEntries(positional), ...call.named } };
}

/**
 * Calls in Python's syntax, in a list or one after another: `[f(a=1), g("x")]`. Arguments without a name get those of the
 * tool's schema, in order.
 *
 * @param options further texts that are read as values.
 * @returns the calls, or the reason when anything in the text is no call of a tool of the request.
 */
export function pythonCalls(
  text: string,
  tools: DeclaredTools,
  options: LiteralOptions = {},
): { calls: ToolCall[] } | { why: string } {
  const parser = new LiteralParser(text, options);
  const calls: ToolCall[] = [];
  try {
    const list = parser.take("[");
    while (!parser.ended) {
      if (list && parser.take("]")) break;
      const { name, values } = named(parser.call(), tools);
      const result = makeCall(name, values, tools);
      if ("why" in result) return result;
      calls.push(result.call);
      parser.take(",") || parser.take(";");
    }
    if (!parser.ended) return { why: "something follows the list" };
  } catch (error) {
    if (error instanceof LiteralError) return { why: error.message };
    throw error;
  }
  return calls.length > 0 ? { calls } : { why: "there is no call" };
}
