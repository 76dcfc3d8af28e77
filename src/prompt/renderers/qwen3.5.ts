import type { Message } from "../../intent/message.ts";
import {
  beginsResults,
  endsResults,
  isOn,
  messageParts,
  questionPlace,
  type Renderer,
  type RendererInput,
  turns,
} from "./conversation.ts";
import { CALL_INSTRUCTIONS, functionCall, TOOLS_HEAD } from "./function-tags.ts";
import { spacedJson } from "./json.ts";
import { effortText, foldedSystem } from "./qwen3.8.ts";

/** The differences between the members of the family. */
interface Variant {
  /** Every answer of the history has its thinking, also an empty one; else only those behind the last question do. */
  keepsThinking: boolean;
  /** Qwen 3.8: efforts are words in the system turn, where all system messages go. */
  efforts: boolean;
}

const isQuery = ({ role, content }: Message): boolean => {
  const text = content.trim();
  return role === "user" && !(text.startsWith("<tool_response>") && text.endsWith("</tool_response>"));
};

function systemTurn(system: string, effort: string, { tools }: RendererInput): string {
  const listed = tools.map((tool) => `\n${spacedJson(tool)}`).join("");
  const shown = tools.length > 0 ? `${TOOLS_HEAD}${listed}\n</tools>\n\n${CALL_INSTRUCTIONS}` : "";
  const parts = [effort, shown, system].filter((part) => part !== "");
  return `<|im_start|>system\n${parts.join("\n\n")}<|im_end|>\n`;
}

function assistantText(message: Message, thinks: boolean, variant: Variant): string {
  const { reasoning, answer } = messageParts(message, !variant.efforts);
  const thought = thinks ? `<think>\n${reasoning}\n</think>\n\n` : "";
  const calls = (message.toolCalls ?? []).map((call) => functionCall(call)).join("\n");
  const gap = answer !== "" && calls !== "" ? "\n\n" : "";
  return thought + answer + gap + calls;
}

function renderer(variant: Variant): Renderer {
  return (conversation) => {
    const { think, tools } = conversation;
    const on = think === undefined || isOn(think);
    const effort = variant.efforts ? effortText(think) : "";
    const messages = variant.efforts ? foldedSystem(conversation.messages) : conversation.messages;
    const first = messages[0]?.role === "system" ? messages[0] : undefined;
    const head = first !== undefined || tools.length > 0 || effort !== "";
    const query = questionPlace(messages, isQuery);
    const last = messages.length - 1;
    const text = turns(messages, (message, at) => {
      const content = message.content.trim();
      if (message === first || message.role === "developer") return "";
      if (message.role === "assistant") {
        const thinks = variant.keepsThinking || (on && at > query);
        const end = at === last ? "" : "<|im_end|>\n";
        return `<|im_start|>assistant\n${assistantText(message, thinks, variant)}${end}`;
      }
      if (message.role !== "tool") return `<|im_start|>${message.role}\n${content}<|im_end|>\n`;
      const begin = beginsResults(messages, at) ? "<|im_start|>user" : "";
      const end = endsResults(messages, at) ? "<|im_end|>\n" : "";
      return `${begin}\n<tool_response>\n${content}\n</tool_response>${end}`;
    });
    const system = head ? systemTurn(first?.content.trim() ?? "", effort, conversation) : "";
    if (messages[last]?.role === "assistant") return system + text;
    return `${system}${text}<|im_start|>assistant\n${on ? "<think>\n" : "<think>\n\n</think>\n\n"}`;
  };
}

export const renderQwen35 = renderer({ keepsThinking: false, efforts: false });
export const renderOrnith = renderer({ keepsThinking: true, efforts: false });
export const renderQwen38 = renderer({ keepsThinking: true, efforts: true });
