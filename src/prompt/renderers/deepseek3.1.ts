import type { Message } from "../../intent/message.ts";
import { hasCalls, isOn, lastOf, type RendererInput, turns, withoutSystem } from "./conversation.ts";
import { toolView } from "./tool-view.ts";

const BOS = "<｜begin▁of▁sentence｜>";
const EOS = "<｜end▁of▁sentence｜>";
const THINK_END = "</think>";

const CALL_INSTRUCTIONS = `
IMPORTANT: ALWAYS adhere to this exact format for tool use:
<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_call_name<｜tool▁sep｜>tool_call_arguments<｜tool▁call▁end｜>{{additional_tool_calls}}<｜tool▁calls▁end｜>

Where:

- \`tool_call_name\` must be an exact match to one of the available tools
- \`tool_call_arguments\` must be valid JSON that strictly follows the tool's Parameters Schema
- For multiple tool calls, chain them directly without separators or spaces
`;

function toolsText({ tools }: RendererInput): string {
  if (tools.length === 0) return "";
  const listed = tools.map((tool) => {
    const { name, description, parameters } = toolView(tool);
    return `\n### ${name}\nDescription: ${description}\n\nParameters: ${JSON.stringify(parameters)}\n`;
  });
  return `\n\n## Tools\nYou have access to the following tools:\n${listed.join("")}${CALL_INSTRUCTIONS}`;
}

function callsText({ toolCalls = [] }: Message): string {
  if (toolCalls.length === 0) return "";
  const calls = toolCalls.map(
    ({ name, arguments: args }) =>
      `<｜tool▁call▁begin｜>${name}<｜tool▁sep｜>${JSON.stringify(args)}<｜tool▁call▁end｜>`,
  );
  return `<｜tool▁calls▁begin｜>${calls.join("")}<｜tool▁calls▁end｜>`;
}

/** DeepSeek V3.1. Thinking of the history is left out; a tag shows where it was. */
export function renderDeepseek31(conversation: RendererInput): string {
  const on = isOn(conversation.think);
  const messages = withoutSystem(conversation.messages);
  const question = lastOf(messages, "user");
  const system = conversation.messages.filter(({ role }) => role === "system").map(({ content }) => content);
  const text = turns(messages, (message, at) => {
    const { role, content, thinking = "" } = message;
    if (role === "user") return `<｜User｜>${content}`;
    if (role === "tool") return `<｜tool▁output▁begin｜>${content}<｜tool▁output▁end｜>`;
    if (role !== "assistant") return "";
    const thought = on && at > question && thinking !== "" && !hasCalls(message) ? "<think>" : THINK_END;
    const begin = messages[at - 1]?.role === "user" ? `<｜Assistant｜>${thought}` : "";
    const goesOn = hasCalls(message) || messages[at - 1]?.role === "tool";
    const end = goesOn ? -1 : content.indexOf(THINK_END);
    const answer = end < 0 ? content : content.slice(end + THINK_END.length);
    return begin + answer + callsText(message) + EOS;
  });
  const asked = messages.at(-1)?.role === "user";
  const prompt = asked ? `<｜Assistant｜>${on ? "<think>" : THINK_END}` : "";
  return BOS + system.join("\n\n") + toolsText(conversation) + text + prompt;
}
