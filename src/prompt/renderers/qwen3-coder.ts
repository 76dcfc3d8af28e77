import type { Message } from "../../intent/message.ts";
import {
  beginsResults,
  endsResults,
  hasCalls,
  type RendererInput,
  turns,
  withoutSystem,
} from "./conversation.ts";
import { CALL_INSTRUCTIONS, functionCall, TOOLS_HEAD, toolXml } from "./function-tags.ts";

const DEFAULT_SYSTEM =
  "You are Qwen, a helpful AI assistant that can interact with a computer to solve tasks.";

function systemTurn({ messages, tools }: RendererInput): string {
  const system = messages.find(({ role, content }) => role === "system" && content !== "")?.content;
  if (tools.length === 0) return system === undefined ? "" : `<|im_start|>system\n${system}<|im_end|>\n`;
  const forms = { types: JSON.stringify, json: JSON.stringify };
  const listed = tools.map((tool) => toolXml(tool, forms)).join("");
  const shown = `\n\n${TOOLS_HEAD}${listed}\n</tools>\n\n${CALL_INSTRUCTIONS}`;
  return `<|im_start|>system\n${system ?? DEFAULT_SYSTEM}${shown}<|im_end|>\n`;
}

function assistantTurn({ content, toolCalls = [] }: Message, open: boolean): string {
  const calls = toolCalls.map((call) => `\n${functionCall(call)}`).join("");
  const gap = calls !== "" && content !== "" ? "\n" : "";
  return `<|im_start|>assistant\n${content}${gap}${calls}${open ? "" : "<|im_end|>\n"}`;
}

/** Qwen3-Coder. The first system message with a text stands in front, all others are left out. */
export function renderQwen3Coder(conversation: RendererInput): string {
  const messages = withoutSystem(conversation.messages);
  const last = messages.at(-1);
  const goesOn = last?.role === "assistant";
  const text = turns(messages, (message, at) => {
    const { role, content } = message;
    if (role === "assistant") return assistantTurn(message, message === last && !hasCalls(message));
    if (role !== "tool") return `<|im_start|>${role}\n${content}<|im_end|>\n`;
    const begin = beginsResults(messages, at) ? "<|im_start|>user" : "";
    const end = endsResults(messages, at) ? "<|im_end|>\n" : "";
    return `${begin}\n<tool_response>\n${content}\n</tool_response>${end}`;
  });
  return systemTurn(conversation) + text + (goesOn ? "" : "<|im_start|>assistant\n");
}
