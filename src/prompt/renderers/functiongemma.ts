import type { Message, ToolCall, ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { hasCalls, isSystem, type RendererInput, turns } from "./conversation.ts";
import { sortedEntries } from "./json.ts";
import { toolView } from "./tool-view.ts";

const BOS = "<bos>";
const CAN_CALL = "You can do function calling with the following functions:";

const quoted = (text: string): string => `<escape>${text}<escape>`;
const record = (fields: readonly string[]): string => `{${fields.join(",")}}`;

function valueText(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  return record(sortedEntries(value).map(([key, each]) => `${key}:${valueText(each)}`));
}

function typeField(type: unknown): string[] {
  const first: unknown = Array.isArray(type) ? type[0] : type;
  return typeof first === "string" ? [`type:${quoted(first.toUpperCase())}`] : [];
}

function propertyText([name, schema]: [string, unknown]): string {
  const { description, type } = isRecord(schema) ? schema : {};
  const text = typeof description === "string" ? description : "";
  return `${name}:${record([`description:${quoted(text)}`, ...typeField(type)])}`;
}

function declaration(definition: ToolDefinition): string {
  const { name, description, parameters, properties, required } = toolView(definition);
  const listed = sortedEntries(Object.fromEntries(properties)).map(propertyText);
  const schema = record([
    ...(listed.length > 0 ? [`properties:${record(listed)}`] : []),
    ...(required.length > 0 ? [`required:[${required.map(quoted).join(",")}]`] : []),
    ...typeField(parameters.type ?? "object"),
  ]);
  const body = record([`description:${quoted(description)}`, `parameters:${schema}`]);
  return `<start_function_declaration>declaration:${name}${body}<end_function_declaration>`;
}

function developerTurn({ tools }: RendererInput, first: Message | undefined): string {
  const own = first?.content ?? "";
  if (own === "" && tools.length === 0) return "";
  const system = own.trim();
  const gap = own !== "" && tools.length > 0 ? "\n" : "";
  const canCall = tools.length > 0 && system !== CAN_CALL ? CAN_CALL : "";
  return `<start_of_turn>developer\n${system}${gap}${canCall}${tools.map(declaration).join("")}<end_of_turn>\n`;
}

const callText = ({ toolCalls = [] }: Message): string =>
  toolCalls
    .map(
      ({ name, arguments: args }) => `<start_function_call>call:${name}${valueText(args)}<end_function_call>`,
    )
    .join("");

/** A message of any other role is a turn of its own, and the results' turn goes on behind it. */
const SPEAKERS = new Set(["user", "assistant", "tool"]);

/** Is the last message of one of the {@link SPEAKERS} before this place a result? */
function followsResult(messages: readonly Message[], at: number): boolean {
  let before = at - 1;
  while (before >= 0 && !SPEAKERS.has(messages[before]!.role)) before--;
  return messages[before]?.role === "tool";
}

/** For each message that is a result, the name of its tool: its own, else that of the call in the same place. */
function resultNames(messages: readonly Message[]): string[] {
  let called: readonly ToolCall[] = [];
  let place = 0;
  return messages.map((message) => {
    if (hasCalls(message)) {
      called = message.toolCalls ?? [];
      place = 0;
    }
    return message.role === "tool" ? message.toolName || (called[place++]?.name ?? "") : "";
  });
}

/** FunctionGemma. A turn goes on behind the results of its calls, whichever role speaks next. */
export function renderFunctionGemma(conversation: RendererInput): string {
  const { messages } = conversation;
  const first = messages[0] !== undefined && isSystem(messages[0]) ? messages[0] : undefined;
  const names = resultNames(messages);
  const text = turns(messages, (message, at) => {
    const { role, content } = message;
    if (message === first) return "";
    if (role === "tool") {
      return `<start_function_response>response:${names[at]}{${quoted(content)}}<end_function_response>`;
    }
    const speaker = role === "assistant" ? "model" : role;
    const begin = SPEAKERS.has(role) && followsResult(messages, at) ? "" : `<start_of_turn>${speaker}\n`;
    const end = messages[at + 1]?.role === "tool" && hasCalls(message) ? "" : "<end_of_turn>\n";
    return begin + content.trim() + callText(message) + end;
  });
  const prompt = followsResult(messages, messages.length) ? "" : "<start_of_turn>model\n";
  return BOS + developerTurn(conversation, first) + text + prompt;
}
