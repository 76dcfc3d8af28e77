import type { Message } from "../../intent/message.ts";
import {
  beginsResults,
  endsResults,
  isOn,
  questionPlace,
  type Renderer,
  type RendererInput,
  turns,
} from "./conversation.ts";
import { spacedJson } from "./json.ts";

const HEAD = `# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>`;

const CALLS = `</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>`;

const isQuery = ({ role, content }: Message): boolean =>
  role === "user" && !(content.startsWith("<tool_response>") && content.endsWith("</tool_response>"));

function systemTurn({ messages, tools }: RendererInput): string {
  const system = messages[0]?.role === "system" ? messages[0].content : undefined;
  if (tools.length === 0) return system === undefined ? "" : `<|im_start|>system\n${system}<|im_end|>\n`;
  const listed = tools.map((tool) => `\n${spacedJson(tool)}`).join("");
  return `<|im_start|>system\n${system === undefined ? "" : `${system}\n\n`}${HEAD}${listed}\n${CALLS}<|im_end|>\n`;
}

const trimLines = (text: string): string => text.replace(/^\n+|\n+$/g, "");

function assistantText({ content, thinking = "", toolCalls = [] }: Message, thinks: boolean): string {
  const answer = content === "" ? "" : `\n</think>\n\n${content.replace(/^\n+/, "")}`;
  const text = thinks ? `<think>\n${trimLines(thinking)}${answer}` : content;
  const calls = toolCalls.map(
    ({ name, arguments: args }, at) =>
      `${at > 0 || content !== "" ? "\n" : ""}<tool_call>\n{"name": "${name}", "arguments": ${spacedJson(args)}}\n</tool_call>`,
  );
  return text + calls.join("");
}

/** Qwen3-VL. @param thinking whether this variant thinks where the request does not say. */
export const renderQwen3Vl =
  (thinking: boolean): Renderer =>
  (conversation) => {
    const { messages, think } = conversation;
    const thinks = think === undefined ? thinking : isOn(think);
    const last = messages.length - 1;
    const query = questionPlace(messages, isQuery);
    const prefill = messages[last]?.role === "assistant";
    const text = turns(messages, (message, at) => {
      const { role, content } = message;
      if ((role === "system" && at === 0) || role === "developer") return "";
      if (role === "assistant") {
        const shown = thinks && at > query && (at === last || (message.thinking ?? "") !== "");
        return `<|im_start|>assistant\n${assistantText(message, shown)}${at === last ? "" : "<|im_end|>\n"}`;
      }
      if (role !== "tool") return `<|im_start|>${role}\n${content}<|im_end|>\n`;
      const begin = beginsResults(messages, at) ? "<|im_start|>user" : "";
      const end = endsResults(messages, at) ? "<|im_end|>\n" : "";
      return `${begin}\n<tool_response>\n${content}\n</tool_response>${end}`;
    });
    return (
      systemTurn(conversation) + text + (prefill ? "" : `<|im_start|>assistant\n${thinks ? "<think>\n" : ""}`)
    );
  };
