import type { Translated } from "../../inference/request-options.ts";
import type { ChatInput, Notice, ToolChoice } from "../../intent/generate.ts";
import type { ToolDefinition } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { ignoredField } from "../wire/notices.ts";
import type { CountTokensRequest } from "./schema/request.ts";
import { type AnthropicTool, isClientTool } from "./schema/tool.ts";

type ToolInput = Pick<ChatInput, "tools" | "toolChoice" | "severalCalls">;
const toolOf = ({ name, description, input_schema, input_examples }: AnthropicTool): ToolDefinition => ({
  type: "function",
  function: {
    name,
    ...(typeof description === "string" && { description }),
    parameters: { ...input_schema, ...(input_examples && { examples: input_examples }) },
  },
});

function choiceOf(choice: NonNullable<CountTokensRequest["tool_choice"]>): ToolChoice {
  if (choice.type === "tool") return { name: choice.name };
  return choice.type === "any" ? "required" : choice.type;
}

function chosen(choice: CountTokensRequest["tool_choice"], tools: ToolDefinition[]): ToolInput {
  if (choice === undefined) return { tools };
  const toolChoice = choiceOf(choice);
  if (toolChoice === "required" && tools.length === 0) throw badRequest('tool_choice "any" needs tools');
  return { tools, toolChoice, ...(choice.disable_parallel_tool_use === true && { severalCalls: false }) };
}

function requireUniqueNames(tools: readonly AnthropicTool[]): void {
  const names = new Set<string>();
  for (const { name } of tools) {
    if (names.has(name)) throw badRequest(`tools: two tools are called ${JSON.stringify(name)}`);
    names.add(name);
  }
}

/** Tools and how they may be called, in the inner language (docs/behaviour: api-openai §9.2). @throws AppError `bad_request`. */
export function anthropicToolsOf({
  tools: all = [],
  tool_choice,
}: CountTokensRequest): Translated<ToolInput> {
  const wire = all.filter(isClientTool);
  const hosted = new Set(all.flatMap((tool) => (isClientTool(tool) ? [] : [tool.type ?? ""])));
  const tools = wire.map(toolOf);
  requireUniqueNames(wire);
  const intent = chosen(tool_choice, tools);
  const enforced = intent.toolChoice === "required" || typeof intent.toolChoice === "object";
  const notices: Notice[] =
    !enforced && wire.some(({ strict }) => strict)
      ? [ignoredField("tools.strict", "schemas are enforced only where tool_choice demands a call")]
      : [];
  const left = [...hosted].map((type) =>
    ignoredField(`tools of type ${type}`, "the server runs no such tool"),
  );
  return { intent, notices: [...notices, ...left] };
}
