import type { ToolDefinition } from "../../../intent/message.ts";
import { isRecord } from "../../../lib/is-record.ts";
import { RequestError } from "../request-error.ts";
import { type CallName, toolName } from "./call-names.ts";

type Fields = Record<string, unknown>;

/** A tool that the model may call. */
export interface CallableTool extends CallName {
  /** Of a custom tool, the input is any text. */
  type: "function" | "custom";
  /** As chat completions and templates have it. */
  definition: ToolDefinition;
}

/** What a custom tool is to the model: a function of one text. */
const ANY_TEXT = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

/** Ways of calling that only the makers of the API have. */
function refuseExtras({ defer_loading, async: later, allowed_callers }: Fields, param: string): void {
  if (defer_loading === true) {
    throw new RequestError(
      `${param}.defer_loading`,
      "defer_loading is not supported: there is no tool search",
    );
  }
  if (later === true) throw new RequestError(`${param}.async`, "async tools are not supported");
  if (Array.isArray(allowed_callers) && !allowed_callers.includes("direct")) {
    throw new RequestError(`${param}.allowed_callers`, "tools can only be called directly");
  }
}

function nameOf({ name }: Fields, param: string): string {
  if (typeof name === "string" && name !== "") return name;
  throw new RequestError(`${param}.name`, `${param} has no name`);
}

const described = ({ description }: Fields) => (typeof description === "string" ? { description } : {});

function callable(tool: Fields, param: string, namespace?: string): CallableTool {
  const { type, format, parameters, strict } = tool;
  if (type === "custom" && isRecord(format) && format.type !== "text") {
    throw new RequestError(`${param}.format`, "custom tools take any text: grammars are not supported");
  }
  refuseExtras(tool, param);
  const named: CallName = { name: nameOf(tool, param), ...(namespace !== undefined && { namespace }) };
  const common = { name: toolName(named), ...described(tool) };
  if (type === "custom") {
    const definition = { type: "function", function: { ...common, parameters: ANY_TEXT } };
    return { ...named, type, definition };
  }
  const shaped = {
    ...common,
    ...(isRecord(parameters) && { parameters }),
    ...(typeof strict === "boolean" && { strict }),
  };
  return { ...named, type: "function", definition: { type: "function", function: shaped } };
}

const isCallable = ({ type }: Fields): boolean => type === "function" || type === "custom";

function toolsIn(tool: unknown, param: string): CallableTool[] {
  if (!isRecord(tool)) throw new RequestError(param, `${param} must be an object`);
  if (isCallable(tool)) return [callable(tool, param)];
  const { type, tools } = tool;
  if (type === "namespace" && Array.isArray(tools)) {
    const namespace = nameOf(tool, param);
    return tools.map((member: unknown, at) => memberOf(member, `${param}.tools[${at}]`, namespace));
  }
  throw new RequestError(`${param}.type`, `tools of type ${JSON.stringify(type)} are not supported`);
}

function memberOf(member: unknown, param: string, namespace: string): CallableTool {
  if (isRecord(member) && isCallable(member)) return callable(member, param, namespace);
  throw new RequestError(param, `${param} must be a function or a custom tool`);
}

/**
 * The tools of a request by the names that the model has for them. Those of a namespace are called `<namespace>.<name>`
 * (spec: api-openai §7.1).
 *
 * @throws AppError `bad_request` for hosted tools, and for two of the same name.
 */
export function readTools(tools: readonly unknown[] = []): Map<string, CallableTool> {
  const found = new Map<string, CallableTool>();
  for (const [at, tool] of tools.entries()) {
    for (const one of toolsIn(tool, `tools[${at}]`)) {
      const name = toolName(one);
      if (found.has(name)) throw new RequestError(`tools[${at}]`, `there are two tools called ${name}`);
      found.set(name, one);
    }
  }
  return found;
}
