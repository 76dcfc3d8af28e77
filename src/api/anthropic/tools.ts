import type { Translated } from "../../inference/request-options.ts";
import type { ChatInput, Notice, ToolChoice } from "../../intent/generate.ts";
import type { ToolDefinition } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ignoredField } from "../wire/notices.ts";
import type { CountTokensRequest } from "./model/request.ts";

type ToolInput = Pick<ChatInput, "tools" | "toolChoice" | "severalCalls">;
type WireTool = NonNullable<CountTokensRequest["tools"]>[number];

function schemaOf({ input_schema, input_examples, name }: WireTool): Record<string, unknown> {
  const invalid = (why: string) =>
    badRequest(`invalid input_schema for tool ${JSON.stringify(name)}: ${why}`);
  if (!isRecord(input_schema)) throw invalid("it must be an object");
  if (input_schema.type !== "object") throw invalid('its type must be "object"');
  if (input_examples === undefined) return input_schema;
  if (!Array.isArray(input_examples) || !input_examples.every(isRecord)) {
    throw badRequest(`tool ${JSON.stringify(name)}: input_examples must be an array of objects`);
  }
  return { ...input_schema, examples: input_examples };
}

function refuseUnsupported({ type, defer_loading, allowed_callers }: WireTool, where: string): void {
  if (type !== undefined && type !== "custom") {
    throw badRequest(
      `${where}.type: tools of type ${JSON.stringify(type)} are not supported; describe the tool by name and input_schema`,
    );
  }
  if (defer_loading) throw badRequest(`${where}.defer_loading: tools cannot be loaded later`);
  if (allowed_callers === undefined) return;
  if (!Array.isArray(allowed_callers) || !allowed_callers.includes("direct")) {
    throw badRequest(
      `${where}.allowed_callers: must contain "direct", since no code is run that could call tools`,
    );
  }
}

function toolOf(tool: WireTool, at: number): ToolDefinition {
  const where = `tools.${at}`;
  refuseUnsupported(tool, where);
  const { name, description } = tool;
  if (name === undefined || name === "") throw badRequest(`${where}.name: is required`);
  return {
    type: "function",
    function: { name, ...(description !== undefined && { description }), parameters: schemaOf(tool) },
  };
}

function choiceOf(type: unknown, name: unknown): ToolChoice {
  if (type === "auto" || type === "none") return type;
  if (type === "any") return "required";
  if (type === "tool" && typeof name === "string" && name !== "") return { name };
  throw badRequest('tool_choice.type: must be "auto", "any", "none", or "tool" with a name');
}

function chosen(choice: unknown, tools: ToolDefinition[]): ToolInput {
  if (choice === undefined) return { tools };
  if (!isRecord(choice)) throw badRequest("tool_choice: must be an object");
  const { type, name, disable_parallel_tool_use: single } = choice;
  const toolChoice = choiceOf(type, name);
  if (toolChoice === "required" && tools.length === 0) throw badRequest('tool_choice "any" needs tools');
  if (single !== undefined && single !== null && typeof single !== "boolean") {
    throw badRequest("tool_choice.disable_parallel_tool_use: must be true or false");
  }
  return { tools, toolChoice, ...(single === true && { severalCalls: false }) };
}

function requireUniqueNames(tools: readonly WireTool[]): void {
  const names = tools.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw badRequest(`tools: two tools are called ${JSON.stringify(twice)}`);
}

/** Tools and how they may be called, in the inner language (spec: api-openai §9.2). @throws AppError `bad_request`. */
export function toolsOf({ tools: wire = [], tool_choice }: CountTokensRequest): Translated<ToolInput> {
  const tools = wire.map(toolOf);
  requireUniqueNames(wire);
  const intent = chosen(tool_choice, tools);
  const enforced = intent.toolChoice === "required" || typeof intent.toolChoice === "object";
  const notices: Notice[] =
    !enforced && wire.some(({ strict }) => strict)
      ? [ignoredField("tools.strict", "schemas are enforced only where tool_choice demands a call")]
      : [];
  return { intent, notices };
}
