import type { Message, ToolDefinition } from "../../intent/message.ts";
import { hasCalls, isOn, messageParts, type RendererInput, turns } from "./conversation.ts";
import { bareText, spacedJson } from "./json.ts";

const BOS = "〈|EOS|〉";
const DEFAULT_SYSTEM =
  "You are a helpful, conversationally-fluent assistant made by Poolside. You are here to be helpful to users through natural language conversations.";

const TOOLS_HEAD = `### Tools

You may call functions to assist with the user query.
All available function signatures are listed below:
<available_tools>
`;

const CALL_FORM =
  "eturn an unescaped XML-like object with function name and arguments within '<tool_call>' and '</tool_call>' tags, like here:\n";
const CALL_EXAMPLE = `<tool_call>function-name
<arg_key>argument-key</arg_key>
<arg_value>value-of-argument-key</arg_value>
</tool_call>`;
const CALL_INSTRUCTIONS = `For each function call, r${CALL_FORM}${CALL_EXAMPLE}`;
const THINKING_INSTRUCTIONS = `Wrap your thinking in '<think>', '</think>' tags, followed by a function call. For each function call, r${CALL_FORM}<think> your thoughts here </think>\n${CALL_EXAMPLE}`;

const toolsText = (tools: readonly ToolDefinition[]): string =>
  `${TOOLS_HEAD}${tools.map((tool) => `${spacedJson(tool)}\n`).join("")}</available_tools>`;

/** @param gap stands between the parts of a call. */
function callTexts({ toolCalls = [] }: Message, gap: string): string[] {
  return toolCalls.map(({ name, arguments: args }) => {
    const pairs = Object.entries(args).flatMap(([key, value]) => [
      `<arg_key>${key}</arg_key>`,
      `<arg_value>${bareText(value, spacedJson)}</arg_value>`,
    ]);
    return `<tool_call>${[name, ...pairs].join(gap)}${gap}</tool_call>`;
  });
}

function lagunaSystem({ messages, tools, think }: RendererInput): string {
  const system = (messages[0]?.role === "system" ? messages[0].content : DEFAULT_SYSTEM).trimEnd();
  if (system === "" && tools.length === 0) return "";
  const instructions = isOn(think) ? THINKING_INSTRUCTIONS : CALL_INSTRUCTIONS;
  const shown = tools.length > 0 ? `\n\n${toolsText(tools)}\n\n${instructions}` : "";
  return `<system>\n${system === "" ? "" : `\n${system}`}${shown}\n</system>\n`;
}

/** Laguna, second version. */
export function renderLaguna(conversation: RendererInput): string {
  const { messages, think } = conversation;
  const last = messages.at(-1);
  const open =
    last?.role === "assistant" && (last.content !== "" || hasCalls(last) || (last.thinking ?? "") !== "");
  const text = turns(messages, (message, at) => {
    const { role, content } = message;
    if (role === "system") return at === 0 ? "" : `<system>\n${content}\n</system>\n`;
    if (role === "user") return `<user>\n${content}\n</user>\n`;
    if (role === "tool") return `<tool_response>\n${content}\n</tool_response>\n`;
    if (role !== "assistant") return "";
    const { reasoning, answer } = messageParts(message);
    const parts = [
      ...(reasoning === "" ? [] : ["<think>", reasoning]),
      "</think>",
      ...(answer === "" ? [] : [answer]),
      ...callTexts(message, "\n"),
    ];
    return `<assistant>\n${parts.join("\n")}\n${open && message === last ? "" : "</assistant>\n"}`;
  });
  const prompt = open ? "" : `<assistant>\n${isOn(think) ? "<think>" : "</think>"}`;
  return BOS + lagunaSystem(conversation) + text + prompt;
}

function poolsideSystem({ messages, tools, think }: RendererInput): string {
  const system = (messages[0]?.role === "system" ? messages[0].content : DEFAULT_SYSTEM).trimEnd();
  if (system === "" && tools.length === 0 && !isOn(think)) return "";
  const shown = tools.length > 0 ? `\n\n${toolsText(tools)}` : "";
  return `<system>${system}${shown}</system>\n`;
}

/** Poolside's models of version 8: everything on one line, every turn closed. */
export function renderPoolside(conversation: RendererInput): string {
  const { messages, think } = conversation;
  const on = isOn(think);
  const text = turns(messages, (message, at) => {
    const { role, content, thinking = "" } = message;
    if (role === "system") return at === 0 ? "" : `<system>${content}</system>\n`;
    if (role === "user") return `<user>${content}</user>\n`;
    if (role === "tool") return `<tool_response>${content}</tool_response>\n`;
    if (role !== "assistant") return "";
    const thought = on ? `<think>${thinking}</think>` : "</think>";
    return `<assistant>${thought}${content}${callTexts(message, "").join("")}</assistant>\n`;
  });
  return `${BOS}${poolsideSystem(conversation)}${text}<assistant>${on ? "<think>" : "</think>"}`;
}
