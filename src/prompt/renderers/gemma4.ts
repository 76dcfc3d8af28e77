import type { Message, ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { isOn, isSystem, lastOf, type Renderer, type RendererInput, turns } from "./conversation.ts";
import { sortedEntries } from "./json.ts";
import { propertiesOf, requiredOf, schemaTypes, toolView } from "./tool-view.ts";

const BOS = "<bos>";
const QUOTE = '<|"|>';
const THOUGHT = "<|channel>thought\n";

const quoted = (text: string): string => `${QUOTE}${text}${QUOTE}`;
const record = (fields: readonly string[]): string => `{${fields.join(",")}}`;
const list = (items: readonly string[]): string => `[${items.join(",")}]`;

/** A value as Gemma writes it: keys bare and sorted, texts in quotes of its own. */
function valueText(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return list(value.map(valueText));
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  return record(sortedEntries(value).map(([key, each]) => `${key}:${valueText(each)}`));
}

type Schema = Record<string, unknown>;

/** Types of a parameter: one as it is, several at the top as Python prints a list. */
function typeField(types: readonly string[], top: boolean): string[] {
  const names = types.map((type) => type.toUpperCase());
  if (names.length === 0) return [];
  if (names.length === 1) return [`type:${quoted(names[0] ?? "")}`];
  return [
    `type:${top ? quoted(list(names.map((name) => `'${name}'`)).replaceAll(",", ", ")) : list(names.map(quoted))}`,
  ];
}

const propertiesField = (schema: Schema, top: boolean): string[] => {
  const properties = sortedEntries(Object.fromEntries(propertiesOf(schema)));
  const written = properties.map(([name, each]) => `${name}:${schemaText(isRecord(each) ? each : {}, top)}`);
  return written.length === 0 ? [] : [`properties:${record(written)}`];
};

const requiredField = (schema: Schema): string[] => {
  const required = requiredOf(schema);
  return required.length === 0 ? [] : [`required:${list(required.map(quoted))}`];
};

function schemaText(schema: Schema, top: boolean): string {
  const { description, enum: choices, items, nullable } = schema;
  const types = schemaTypes(schema);
  const is = (type: string): boolean => types.some((each) => each.toLowerCase() === type);
  return record([
    ...(typeof description === "string" && description !== "" ? [`description:${quoted(description)}`] : []),
    ...(is("string") && Array.isArray(choices) ? [`enum:${valueText(choices)}`] : []),
    ...(is("array") && isRecord(items) ? [`items:${schemaText(items, false)}`] : []),
    ...(nullable === true ? ["nullable:true"] : []),
    ...(is("object") ? [...propertiesField(schema, top), ...requiredField(schema)] : []),
    ...typeField(types, top),
  ]);
}

function declaration(definition: ToolDefinition): string {
  const { name, description, parameters } = toolView(definition);
  const type = schemaTypes(parameters)[0] ?? "object";
  const schema = record([
    ...propertiesField(parameters, true),
    ...requiredField(parameters),
    `type:${quoted(type.toUpperCase())}`,
  ]);
  return `<|tool>declaration:${name}${record([`description:${quoted(description)}`, `parameters:${schema}`])}<tool|>`;
}

function systemTurn({ tools, think }: RendererInput, first: Message | undefined): string {
  if (first === undefined && tools.length === 0 && !isOn(think)) return "";
  const system = first?.content.trim() ?? "";
  return `<|turn>system\n${isOn(think) ? "<|think|>\n" : ""}${system}${tools.map(declaration).join("")}<turn|>\n`;
}

/** An answer's text without the thinking that a client may have left in it. */
const withoutChannels = (text: string): string => text.replace(/<\|channel>[\s\S]*?<channel\|>/g, "").trim();

/** The name of the tool that a result comes from. */
function resultName({ toolName, toolCallId }: Message, { toolCalls = [] }: Message): string {
  return toolName || (toolCalls.find(({ id }) => id !== undefined && id === toolCallId)?.name ?? "unknown");
}

/** An answer, with its calls and their results. @param keeps whether its thinking is shown. */
function answerText(message: Message, results: readonly Message[], keeps: boolean): string {
  const { content, thinking = "", toolCalls = [] } = message;
  const thought = keeps && thinking !== "" ? `${THOUGHT}${thinking}\n<channel|>` : "";
  const calls = toolCalls.map(
    ({ name, arguments: args }) => `<|tool_call>call:${name}${valueText(args)}<tool_call|>`,
  );
  const answers = results.map(
    (result) =>
      `<|tool_response>response:${resultName(result, message)}{value:${quoted(result.content)}}<tool_response|>`,
  );
  const awaited = calls.length > 0 && answers.length === 0 ? "<|tool_response>" : "";
  return thought + calls.join("") + answers.join("") + withoutChannels(content) + awaited;
}

/** The results right behind a message. */
function resultsBehind(messages: readonly Message[], at: number): Message[] {
  let end = at + 1;
  while (messages[end]?.role === "tool") end++;
  return messages.slice(at + 1, end);
}

/** Does this message go on with a turn that the model has begun? */
function speaksOn(messages: readonly Message[], at: number): boolean {
  let before = at - 1;
  while (messages[before]?.role === "tool") before--;
  return messages[before]?.role === "assistant";
}

/** @param question the place of the last question, behind which thinking is shown. */
function modelTurn(messages: readonly Message[], at: number, question: number): string {
  const message = messages[at]!;
  const results = resultsBehind(messages, at);
  const next = messages[at + results.length + 1];
  const begin = speaksOn(messages, at) ? "" : "<|turn>model\n";
  const waits = (message.toolCalls ?? []).length > 0 && results.length === 0;
  const goesOn =
    next === undefined ? results.length > 0 && message.content === "" : next.role === "assistant";
  return begin + answerText(message, results, at > question) + (waits || goesOn ? "" : "<turn|>\n");
}

/** The text behind the conversation, for the model to go on. @param large show an empty thinking where the model shall not think. */
function generationPrompt(messages: readonly Message[], on: boolean, large: boolean): string {
  const last = messages.at(-1);
  if (last?.role === "tool") return on ? THOUGHT : "";
  if ((last?.toolCalls ?? []).length > 0) return "";
  return `<|turn>model\n${large && !on ? `${THOUGHT}<channel|>` : ""}`;
}

/** Gemma 4. @param large the models of 12 billion parameters and more. */
export const renderGemma4 =
  (large: boolean): Renderer =>
  (conversation) => {
    const { messages, think } = conversation;
    const first = messages[0] !== undefined && isSystem(messages[0]) ? messages[0] : undefined;
    const question = lastOf(messages, "user");
    const text = turns(messages, (message, at) => {
      if (message === first || message.role === "tool") return "";
      if (message.role === "assistant") return modelTurn(messages, at, question);
      return `<|turn>${message.role}\n${message.content.trim()}<turn|>\n`;
    });
    return BOS + systemTurn(conversation, first) + text + generationPrompt(messages, isOn(think), large);
  };
