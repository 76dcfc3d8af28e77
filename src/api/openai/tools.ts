import type { Translated } from "../../inference/request-options.ts";
import type { ChatInput, Notice, ToolChoice } from "../../intent/generate.ts";
import type { ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ignoredField } from "../wire/notices.ts";
import type { ChatCompletionRequest } from "./model/chat.ts";
import { RequestError } from "./request-error.ts";

type ToolInput = Pick<ChatInput, "tools" | "toolChoice" | "severalCalls">;

const CHOICES =
  'tool_choice must be "none", "auto", "required", {"type": "function", "function": {"name": …}} or allowed tools';

const isWord = (value: unknown): value is "none" | "auto" | "required" =>
  value === "none" || value === "auto" || value === "required";

/** The name in `{"function":{"name"}}`. */
function nameIn(value: unknown): string | undefined {
  const named = isRecord(value) ? value.function : undefined;
  return isRecord(named) && typeof named.name === "string" && named.name !== "" ? named.name : undefined;
}

function toolOf(tool: unknown, at: number): ToolDefinition {
  const param = `tools[${at}]`;
  if (!isRecord(tool)) throw new RequestError(param, `${param} must be an object`);
  if (tool.type !== undefined && tool.type !== "function") {
    throw new RequestError(`${param}.type`, `tools of type ${JSON.stringify(tool.type)} are not supported`);
  }
  if (nameIn(tool) === undefined)
    throw new RequestError(`${param}.function.name`, `${param} has no function name`);
  return tool;
}

/** `allowed_tools`: the others are not shown to the model. */
function allowedTools(choice: Record<string, unknown>, tools: ToolDefinition[]): ToolInput {
  const allowed = isRecord(choice.allowed_tools) ? choice.allowed_tools : {};
  const { mode, tools: listed } = allowed;
  if ((mode !== "auto" && mode !== "required") || !Array.isArray(listed)) {
    throw new RequestError("tool_choice", CHOICES);
  }
  const names = listed.map(nameIn);
  const unknown = names.find((name) => !tools.some((tool) => nameIn(tool) === name));
  if (names.includes(undefined) || unknown !== undefined) {
    throw new RequestError(
      "tool_choice",
      `tool_choice allows ${unknown ?? "a tool without a name"}, which is not among the tools`,
    );
  }
  return { tools: tools.filter((tool) => names.includes(nameIn(tool))), toolChoice: mode };
}

function chosen(choice: unknown, tools: ToolDefinition[]): ToolInput {
  if (choice === undefined) return { tools };
  if (isRecord(choice) && choice.type === "allowed_tools") return allowedTools(choice, tools);
  const name = nameIn(choice);
  const toolChoice: ToolChoice | undefined = isWord(choice)
    ? choice
    : name === undefined
      ? undefined
      : { name };
  if (toolChoice === undefined) throw new RequestError("tool_choice", CHOICES);
  return { tools, toolChoice };
}

const isStrict = ({ function: described }: ToolDefinition): boolean =>
  isRecord(described) && described.strict === true;

/** Tools and how they may be called, in the inner language. @throws AppError `bad_request`. */
export function toolsOf(
  body: Pick<ChatCompletionRequest, "tools" | "tool_choice" | "parallel_tool_calls">,
): Translated<ToolInput> {
  const input = chosen(body.tool_choice, (body.tools ?? []).map(toolOf));
  const enforced = input.toolChoice === "required" || typeof input.toolChoice === "object";
  const notices: Notice[] =
    !enforced && input.tools.some(isStrict)
      ? [ignoredField("tools.function.strict", "schemas are enforced only where tool_choice demands a call")]
      : [];
  return {
    intent: {
      ...input,
      ...(body.parallel_tool_calls !== undefined && { severalCalls: body.parallel_tool_calls }),
    },
    notices,
  };
}
