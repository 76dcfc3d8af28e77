import type { Message } from "../../intent/message.ts";
import {
  beginsResults,
  endsResults,
  hasCalls,
  isOn,
  type RendererInput,
  turns,
  withoutSystem,
} from "./conversation.ts";

const BOS = "<｜begin▁of▁sentence｜>";
const EOS = "<｜end▁of▁sentence｜>";
const DEFAULT_SYSTEM =
  "You are Cogito, an AI assistant created by Deep Cogito, which is an AI research lab based in San Francisco.";
const DEEP = "Enable deep thinking subroutine.";
const INDENT = 4;

function head({ messages, tools, think }: RendererInput): string {
  const system = messages[0]?.role === "system" ? messages[0].content : "";
  const on = isOn(think);
  const own = system === "" ? "" : `\n\n${system}${on ? "\n\n" : ""}`;
  const listed = tools.map((tool) => `\`\`\`json\n${JSON.stringify(tool, undefined, INDENT)}\n\`\`\`\n`);
  const shown = tools.length > 0 ? `\nYou have the following functions available:\n${listed.join("")}` : "";
  return `${BOS}${on ? `${DEEP}\n\n` : ""}${DEFAULT_SYSTEM}${own}${shown}`;
}

function callsText({ toolCalls = [] }: Message): string {
  const calls = toolCalls.map(
    ({ name, arguments: args }) =>
      `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n${JSON.stringify(args)}\n\`\`\`<｜tool▁call▁end｜>`,
  );
  return `<｜tool▁calls▁begin｜>${calls.join("\n")}<｜tool▁calls▁end｜>`;
}

/** Cogito. Its prompt asks for deep thinking in words. */
export function renderCogito(conversation: RendererInput): string {
  const { think } = conversation;
  const messages = withoutSystem(conversation.messages);
  const text = turns(messages, (message, at) => {
    const { role, content } = message;
    if (role === "user") return `<｜User｜>${content}<｜Assistant｜>`;
    if (role === "assistant") return content + (hasCalls(message) ? callsText(message) : "") + EOS;
    if (role !== "tool") return "";
    const begin = beginsResults(messages, at) ? "<｜tool▁outputs▁begin｜>" : "\n";
    const end = endsResults(messages, at) ? "<｜tool▁outputs▁end｜>" : "";
    return `${begin}<｜tool▁output▁begin｜>${content}<｜tool▁output▁end｜>${end}`;
  });
  const opened = messages.at(-1)?.role === "user";
  return head(conversation) + text + (opened ? "" : "<｜Assistant｜>") + (isOn(think) ? "<think>\n" : "");
}
