import type { ToolCall } from "../intent/message.ts";
import { isRecord } from "../lib/is-record.ts";
import type { DeclaredTools } from "./declared-tools.ts";
import { parseObject } from "./literal-parser.ts";

/** A call, or why there is none. */
export type CallResult = { call: ToolCall } | { why: string };

const firstString = (...values: unknown[]): string | undefined =>
  values.find((value) => typeof value === "string");

/** Arguments as an object; some models write the object as a string. Undefined: it is not an object. */
function argumentsOf(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return {};
  if (typeof value !== "string") return isRecord(value) ? value : undefined;
  return value.trim() === "" ? {} : parseObject(value);
}

/** A call of `name`, if that is a tool of the request and `args` are arguments. */
export function makeCall(name: string, args: unknown, tools: DeclaredTools): CallResult {
  if (!tools.has(name)) return { why: `"${name}" is not a tool of this request` };
  const values = argumentsOf(args);
  if (values === undefined) return { why: `the arguments of "${name}" are not an object` };
  return { call: { name, arguments: values } };
}

/**
 * Reads a call in any of the forms in which models write one in JSON: `{name, arguments}`, `{name, parameters}`, `{tool_name, parameters}`,
 * any of them inside of `function`, or `{<name of the tool>: arguments}` (docs/behaviour: modelfile §5).
 *
 * @param strict only an object that names a tool and its arguments is a call.
 */
export function callOf(
  value: Record<string, unknown>,
  tools: DeclaredTools,
  { strict }: { strict: boolean },
): CallResult {
  const fields = isRecord(value.function) ? value.function : value;
  const name = firstString(fields.name, fields.tool_name, fields.function);
  const args = fields.arguments ?? fields.parameters;
  if (name !== undefined) {
    return strict && args === undefined ? { why: "it has no arguments" } : makeCall(name, args, tools);
  }
  const [[key, only] = [], ...others] = Object.entries(value);
  if (key !== undefined && others.length === 0 && tools.has(key) && isRecord(only)) {
    return makeCall(key, only, tools);
  }
  return { why: "it names no tool" };
}
