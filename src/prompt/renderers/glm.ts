import type { Message, ToolDefinition } from "../../intent/message.ts";
import { beginsResults, isOn, type RendererInput, turns } from "./conversation.ts";
import { bareText, spacedJson } from "./json.ts";

const HEAD = "[gMASK]<sop>";

const TOOLS_HEAD = `<|system|>
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
`;

const TOOLS_END = `</tools>

For each function call, output the function name and arguments within the following XML format:
<tool_call>{function-name}<arg_key>{arg-key-1}</arg_key><arg_value>{arg-value-1}</arg_value><arg_key>{arg-key-2}</arg_key><arg_value>{arg-value-2}</arg_value>...</tool_call>`;

const toolsText = (tools: readonly ToolDefinition[]): string =>
  tools.length === 0 ? "" : TOOLS_HEAD + tools.map((tool) => `${spacedJson(tool)}\n`).join("") + TOOLS_END;

function callTexts({ toolCalls = [] }: Message): string[] {
  return toolCalls.map(({ name, arguments: args }) => {
    const pairs = Object.entries(args).map(
      ([key, value]) => `<arg_key>${key}</arg_key><arg_value>${bareText(value)}</arg_value>`,
    );
    return `<tool_call>${name}${pairs.join("")}</tool_call>`;
  });
}

/** GLM 4.7, which keeps the thinking of all its turns. */
export function renderGlm47({ messages, tools, think }: RendererInput): string {
  const text = turns(messages, (message, at) => {
    const { role, content, thinking = "" } = message;
    if (role === "system" || role === "user") return `<|${role}|>${content}`;
    if (role === "tool") {
      const begin = beginsResults(messages, at) ? "<|observation|>" : "";
      return `${begin}<tool_response>${content}</tool_response>`;
    }
    if (role !== "assistant") return "";
    const thought = thinking === "" ? "</think>" : `<think>${thinking}</think>`;
    return `<|assistant|>${thought}${content}${callTexts(message).join("")}`;
  });
  const on = think === undefined || isOn(think);
  return `${HEAD}${toolsText(tools)}${text}<|assistant|>${on ? "<think>" : "</think>"}`;
}

const NO_THINK = "/nothink";

/** GLM-OCR: like GLM 4.7 with line breaks; its prompt says in words not to think. */
export function renderGlmOcr({ messages, tools, think }: RendererInput): string {
  const text = turns(messages, (message, at) => {
    const { role, content, thinking = "" } = message;
    if (role === "system") return `<|system|>\n${content}\n`;
    if (role === "user") {
      const told = think === false && !content.endsWith(NO_THINK) ? NO_THINK : "";
      return `<|user|>\n${content}${told}`;
    }
    if (role === "tool") {
      const begin = beginsResults(messages, at) ? "<|observation|>" : "";
      return `${begin}\n<tool_response>\n${content}\n</tool_response>\n`;
    }
    if (role !== "assistant") return "";
    const answer = content === "" ? [] : [content.trim()];
    const parts = [`<think>${thinking.trim()}</think>`, ...answer, ...callTexts(message)];
    return `<|assistant|>\n${parts.join("\n")}\n`;
  });
  const prompt = `<|assistant|>\n${think === false ? "<think></think>\n" : ""}`;
  return HEAD + toolsText(tools) + text + prompt;
}
