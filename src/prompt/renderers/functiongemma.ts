import type { Message, ToolDefinition } from "../../intent/message.ts";
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
  const said = typeof description === "string" ? description : "";
  return `${name}:${record([`description:${quoted(said)}`, ...typeField(type)])}`;
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
  const said = first?.content.trim() ?? "";
  if (tools.length === 0) return said === "" ? "" : `<start_of_turn>developer\n${said}<end_of_turn>\n`;
  const own = said === "" || said === CAN_CALL ? "" : `${said}\n`;
  return `<start_of_turn>developer\n${own}${CAN_CALL}${tools.map(declaration).join("")}<end_of_turn>\n`;
}

const callText = ({ toolCalls = [] }: Message): string =>
  toolCalls
    .map(
      ({ name, arguments: args }) => `<start_function_call>call:${name}${valueText(args)}<end_function_call>`,
    )
    .join("");

/** The tool that a result comes from: the one that was called in its place. */
function resultName(messages: readonly Message[], at: number): string {
  let asked = at - 1;
  while (messages[asked]?.role === "tool") asked--;
  return messages[at]?.toolName || (messages[asked]?.toolCalls?.[at - asked - 1]?.name ?? "");
}

/** FunctionGemma. A turn goes on behind the results of its calls, whoever speaks next. */
export function renderFunctionGemma(conversation: RendererInput): string {
  const { messages } = conversation;
  const first = messages[0] !== undefined && isSystem(messages[0]) ? messages[0] : undefined;
  const text = turns(messages, (message, at) => {
    const { role, content } = message;
    if (message === first) return "";
    if (role === "tool") {
      const name = resultName(messages, at);
      return `<start_function_response>response:${name}{${quoted(content)}}<end_function_response>`;
    }
    const speaker = role === "assistant" ? "model" : role;
    const begin = messages[at - 1]?.role === "tool" ? "" : `<start_of_turn>${speaker}\n`;
    const end = messages[at + 1]?.role === "tool" && hasCalls(message) ? "" : "<end_of_turn>\n";
    return begin + content.trim() + callText(message) + end;
  });
  const prompt = messages.at(-1)?.role === "tool" ? "" : "<start_of_turn>model\n";
  return BOS + developerTurn(conversation, first) + text + prompt;
}
