import type { Message, ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { type Renderer, type RendererInput, turns } from "./conversation.ts";
import { sortedEntries, spacedJson } from "./json.ts";

const BOS = "<|startoftext|>";
const THINK_END = "</think>";

const functionOf = (tool: ToolDefinition): unknown => (isRecord(tool.function) ? tool.function : tool);

function systemTurn({ tools }: RendererInput, system: string): string {
  const listed = tools.map((tool) => spacedJson(functionOf(tool))).join(", ");
  const shown = tools.length > 0 ? `List of tools: <|tool_list_start|>[${listed}]<|tool_list_end|>` : "";
  const text = [system, shown].filter((part) => part !== "").join("\n");
  return text === "" ? "" : `<|im_start|>system\n${text}<|im_end|>\n`;
}

const CALLS = "<|tool_call_start|>";
const RESULT = "<|tool_response_start|>";

/** Calls that the text does not have already. */
function callsText({ content, toolCalls = [] }: Message): string {
  if (toolCalls.length === 0 || content.includes(CALLS)) return "";
  const calls = toolCalls.map(({ name, arguments: args }) => {
    const written = sortedEntries(args).map(([key, value]) => `${key}=${spacedJson(value)}`);
    return `${name}(${written.join(",")})`;
  });
  return `${CALLS}[${calls.join(",")}]<|tool_call_end|>`;
}

const resultText = (content: string): string =>
  content.includes(RESULT) ? content : `${RESULT}${content}<|tool_response_end|>`;

const withoutThinking = (text: string): string => {
  const end = text.lastIndexOf(THINK_END);
  return end < 0 ? text : text.slice(end + THINK_END.length).trim();
};

function renderer(thinks: boolean): Renderer {
  return (conversation) => {
    const { messages, think } = conversation;
    const first = messages[0]?.role === "system" ? messages[0] : undefined;
    const last = messages.at(-1);
    const prefill = last?.role === "assistant" ? last : undefined;
    const latest = messages.findLast(({ role }) => role === "assistant");
    const text = turns(messages, (message) => {
      const { role, content, thinking = "" } = message;
      if (message === first) return "";
      if (role === "tool") return `<|im_start|>tool\n${resultText(content)}<|im_end|>\n`;
      if (role !== "assistant") return `<|im_start|>${role}\n${content}<|im_end|>\n`;
      const keeps = (thinks && think === true) || message === latest;
      const thought = thinks && keeps && thinking !== "" ? `<think>${thinking}${THINK_END}` : "";
      const answer = keeps ? content : withoutThinking(content);
      const calls = callsText(message);
      const gap = calls !== "" && answer.trim() !== "" ? "\n" : "";
      return `<|im_start|>assistant\n${thought}${calls}${gap}${answer}${message === prefill ? "" : "<|im_end|>\n"}`;
    });
    const prompt = prefill === undefined ? "<|im_start|>assistant\n" : "";
    return BOS + systemTurn(conversation, first?.content ?? "") + text + prompt;
  };
}

export const renderLfm2 = renderer(false);
export const renderLfm2Thinking = renderer(true);
