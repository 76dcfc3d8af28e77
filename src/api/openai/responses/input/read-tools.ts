import type { Notice } from "../../../../intent/generate.ts";
import { defined } from "../../../../lib/defined.ts";
import { isRecord } from "../../../../lib/is-record.ts";
import { ANY_TEXT } from "../../custom-tool.ts";
import { RequestError } from "../../request-error.ts";
import type { OpenaiTool } from "../../schema/tool.ts";
import { hostedNotices, UNENFORCED_GRAMMAR } from "../../tools.ts";
import { type CallableWireTool, isOwnTool, type OwnTool, type ResponsesTool } from "../schema/tool.ts";
import { type CallName, toolName } from "./call-names.ts";

/** A tool that the model may call. */
export interface ItemTool extends CallName {
  /** The input of a custom tool is any text. */
  type: "function" | "custom";
  /** The definition as chat completions and templates have it. */
  definition: OpenaiTool;
}

/** Refuses ways of calling that only OpenAI's servers have. */
function refuseExtras({ async: later, allowed_callers }: CallableWireTool, param: string): void {
  if (later === true) throw new RequestError(`${param}.async`, "async tools are not supported");
  if (allowed_callers && !allowed_callers.includes("direct")) {
    throw new RequestError(`${param}.allowed_callers`, "tools can only be called directly");
  }
}

function callable(tool: CallableWireTool, param: string, namespace?: string): ItemTool {
  refuseExtras(tool, param);
  const named: CallName = { name: tool.name, ...defined({ namespace }) };
  const common = {
    name: toolName(named),
    ...(typeof tool.description === "string" && { description: tool.description }),
  };
  if (tool.type === "custom") {
    const definition = { type: "function" as const, function: { ...common, parameters: ANY_TEXT } };
    return { ...named, type: tool.type, definition };
  }
  const shaped = {
    ...common,
    ...(tool.parameters && { parameters: tool.parameters }),
    ...(typeof tool.strict === "boolean" && { strict: tool.strict }),
  };
  return { ...named, type: "function", definition: { type: "function", function: shaped } };
}

function toolsIn(tool: OwnTool, param: string): ItemTool[] {
  if (tool.type !== "namespace") return [callable(tool, param)];
  return tool.tools.map((member, at) => callable(member, `${param}.tools[${at}]`, tool.name));
}

/**
 * The tools that a client runs by the names that the model has for them. Those of a namespace are called `<namespace>.<name>`
 * (docs/behaviour: api-openai §7.1).
 *
 * @throws AppError `bad_request` for unsupported ways of calling, and for two tools of the same name.
 */
export function readTools(tools: readonly ResponsesTool[] = []): Map<string, ItemTool> {
  const found = new Map<string, ItemTool>();
  for (const [at, tool] of tools.entries()) {
    if (!isOwnTool(tool)) continue;
    for (const one of toolsIn(tool, `tools[${at}]`)) {
      const name = toolName(one);
      if (found.has(name)) throw new RequestError(`tools[${at}]`, `there are two tools called ${name}`);
      found.set(name, one);
    }
  }
  return found;
}

/** Notices about kinds of tools that are not shown to the model, and about fields of tools that have no effect. */
export const toolNotices = (tools: readonly ResponsesTool[] = []): Notice[] => [
  ...hostedNotices(tools.flatMap((tool) => (isOwnTool(tool) ? [] : [tool.type]))),
  ...(tools.some(hasGrammar) ? [UNENFORCED_GRAMMAR] : []),
];

const hasGrammar = (tool: ResponsesTool): boolean =>
  tool.type === "custom" && "format" in tool && isRecord(tool.format) && tool.format.type !== "text";
