import type { Notice } from "../../../../intent/generate.ts";
import { defined } from "../../../../lib/defined.ts";
import { isRecord } from "../../../../lib/is-record.ts";
import { ANY_TEXT } from "../../custom-tool.ts";
import { RequestError } from "../../request-error.ts";
import type { OpenaiTool } from "../../schema/tool.ts";
import { hostedNotices, UNENFORCED_GRAMMAR } from "../../tools.ts";
import { loadsTools } from "../schema/input-item.ts";
import type { ResponseRequest } from "../schema/request.ts";
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

/** A tool, and its place in the request. */
interface PlacedTool {
  tool: ResponsesTool;
  param: string;
}

type ToolSource = Pick<ResponseRequest, "tools" | "input">;

const placed = (tools: readonly ResponsesTool[], list: string): PlacedTool[] =>
  tools.map((tool, at) => ({ tool, param: `${list}[${at}]` }));

/** Tools that items of the input load. */
const loadedIn = (input: ToolSource["input"]): PlacedTool[] =>
  Array.isArray(input)
    ? input.flatMap((item, at) => (loadsTools(item) ? placed(item.tools, `input[${at}].tools`) : []))
    : [];

/**
 * The tools that a client runs by the names that the model has for them, those last that the input loads. Those of a namespace are called
 * `<namespace>.<name>` (docs/behaviour: api-openai §7.1).
 *
 * @throws AppError `bad_request` for unsupported ways of calling, and for two of `tools` with the same name.
 */
export function readTools({ tools = [], input }: ToolSource): Map<string, ItemTool> {
  const found = new Map<string, ItemTool>();
  for (const { tool, param } of placed(tools, "tools")) {
    if (!isOwnTool(tool)) continue;
    for (const one of toolsIn(tool, param)) {
      const name = toolName(one);
      if (found.has(name)) throw new RequestError(param, `there are two tools called ${name}`);
      found.set(name, one);
    }
  }
  for (const { tool, param } of loadedIn(input)) {
    if (!isOwnTool(tool)) continue;
    for (const one of toolsIn(tool, param)) if (!found.has(toolName(one))) found.set(toolName(one), one);
  }
  return found;
}

/** Notices about kinds of tools that are not shown to the model, and about fields of tools that have no effect. */
export function toolNotices({ tools = [], input }: ToolSource): Notice[] {
  const all = [...tools, ...loadedIn(input).map(({ tool }) => tool)];
  return [
    ...hostedNotices(all.flatMap((tool) => (isOwnTool(tool) ? [] : [tool.type]))),
    ...(all.some(hasGrammar) ? [UNENFORCED_GRAMMAR] : []),
  ];
}

const hasGrammar = (tool: ResponsesTool): boolean =>
  tool.type === "custom" && "format" in tool && isRecord(tool.format) && tool.format.type !== "text";
