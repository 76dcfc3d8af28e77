import type { Translated } from "../../inference/request-options.ts";
import type { ChatInput, Notice } from "../../intent/generate.ts";
import type { ToolDefinition } from "../../intent/message.ts";
import { defined } from "../../lib/defined.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ignoredField } from "../wire/notices.ts";
import { ANY_TEXT } from "./custom-tool.ts";
import { RequestError } from "./request-error.ts";
import type { ChatCompletionRequest } from "./schema/chat.ts";
import {
  type CustomTool,
  isCustom,
  isFunction,
  type OpenaiTool,
  type OpenaiToolChoice,
  type OpenaiWireTool,
} from "./schema/tool.ts";

type ToolInput = Pick<ChatInput, "tools" | "toolChoice" | "severalCalls">;

const nameOf = ({ function: called }: OpenaiTool): string => called.name;

type AllowedTools = Extract<OpenaiToolChoice, { type: "allowed_tools" }>["allowed_tools"];

/** `allowed_tools`: the others are not shown to the model. */
function allowedTools({ mode, tools: listed }: AllowedTools, tools: OpenaiTool[]): ToolInput {
  const own = listed.filter(({ type = "function" }) => type === "function" || type === "custom");
  const names = new Set(own.map(({ function: called, custom }) => (called ?? custom)?.name));
  const known = new Set<string | undefined>(tools.map(nameOf));
  const unknown = [...names].find((name) => !known.has(name));
  if (names.has(undefined) || unknown !== undefined) {
    throw new RequestError(
      "tool_choice",
      `tool_choice allows ${unknown ?? "a tool without a name"}, which is not among the tools`,
    );
  }
  return { tools: tools.filter((tool) => names.has(nameOf(tool))), toolChoice: mode };
}

function chosen(choice: OpenaiToolChoice | undefined, tools: OpenaiTool[]): ToolInput {
  if (choice === undefined) return { tools };
  if (typeof choice === "string") return { tools, toolChoice: choice };
  if ("allowed_tools" in choice) return allowedTools(choice.allowed_tools, tools);
  return { tools, toolChoice: { name: ("custom" in choice ? choice.custom : choice.function).name } };
}

/** A custom tool as the model sees it. */
const asFunction = ({ custom: { name, description } }: CustomTool): OpenaiTool => ({
  type: "function",
  function: { name, ...(typeof description === "string" && { description }), parameters: ANY_TEXT },
});

const callable = (tool: OpenaiWireTool): OpenaiTool[] => {
  if (isFunction(tool)) return [tool];
  return isCustom(tool) ? [asFunction(tool)] : [];
};

/** Names of the tools whose calls are of one text. */
export const customNames = (tools: readonly OpenaiWireTool[] = []): ReadonlySet<string> =>
  new Set(tools.filter(isCustom).map(({ custom }) => custom.name));

const hasGrammar = (tool: OpenaiWireTool): boolean =>
  isCustom(tool) && isRecord(tool.custom.format) && tool.custom.format.type !== "text";

export const UNENFORCED_GRAMMAR = ignoredField("tools.format", "grammars of custom tools are not enforced");

const isStrict = ({ function: described }: ToolDefinition): boolean =>
  isRecord(described) && described.strict === true;

/** Tools and how they may be called, in the inner language. @throws AppError `bad_request`. */
export function openaiToolsOf(
  body: Pick<ChatCompletionRequest, "tools" | "tool_choice" | "parallel_tool_calls">,
): Translated<ToolInput> {
  const all = body.tools ?? [];
  const input = chosen(body.tool_choice, all.flatMap(callable));
  const enforced = input.toolChoice === "required" || typeof input.toolChoice === "object";
  const notices: Notice[] =
    !enforced && input.tools.some(isStrict)
      ? [ignoredField("tools.function.strict", "schemas are enforced only where tool_choice demands a call")]
      : [];
  return {
    intent: {
      ...input,
      ...defined({ severalCalls: body.parallel_tool_calls }),
    },
    notices: [
      ...notices,
      ...(all.some(hasGrammar) ? [UNENFORCED_GRAMMAR] : []),
      ...hostedNotices(all.flatMap((tool) => (isFunction(tool) || isCustom(tool) ? [] : [tool.type]))),
    ],
  };
}

/** One notice for each kind of hosted tool, which are not shown to the model. */
export const hostedNotices = (types: readonly string[]): Notice[] =>
  [...new Set(types)].map((type) => ignoredField(`tools of type ${type}`, "the server runs no such tool"));
