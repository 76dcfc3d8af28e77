import type { Think } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import {
  beginsResults,
  endsResults,
  isOn,
  lastOf,
  type Renderer,
  type RendererInput,
  turns,
} from "./conversation.ts";
import { CALL_INSTRUCTIONS, functionCall, TOOLS_HEAD, toolXml } from "./function-tags.ts";
import { bareText, spacedJson } from "./json.ts";

const EFFICIENT = "\n\n{reasoning effort: efficient}";

/** The differences between Nemotron 3 and 3.5. */
interface Variant {
  /** `/think` and `/no_think` inside of messages switch the thinking, and are taken out. */
  switches: boolean;
  /** The text between the thinking and its closing tag, and the text behind the tag. */
  gaps: readonly [string, string];
  /** The prompt asks for a medium effort in words. */
  medium: boolean;
}

/** A value as Python's `str` has it. */
function pythonText(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  return bareText(value, spacedJson);
}

const pythonList = (types: unknown): string =>
  Array.isArray(types) ? `[${types.map((each) => `'${String(each)}'`).join(", ")}]` : spacedJson(types);

function systemTurn({ tools }: RendererInput, system: string): string {
  const forms = { types: pythonList, json: spacedJson };
  const listed = tools.map((tool) => toolXml(tool, forms)).join("");
  const shown = tools.length > 0 ? `${TOOLS_HEAD}${listed}\n</tools>\n\n${CALL_INSTRUCTIONS}` : "";
  const gap = system !== "" && shown !== "" ? "\n\n" : "";
  return `<|im_start|>system\n${system}${gap}${shown}<|im_end|>\n`;
}

const OFF = "/no_think";
/** `/think`, but not the end of a `</think>`. */
const ON = /(?<!<)\/think/g;

/** A message without its switches, and whether they turn thinking on. */
function switched(message: Message): { message: Message; on: boolean | undefined } {
  const { role, content } = message;
  if (role !== "user" && role !== "system") return { message, on: undefined };
  const off = content.includes(OFF);
  const withoutOff = content.replaceAll(OFF, "");
  const plain = withoutOff.replace(ON, "");
  const on = plain !== withoutOff;
  return {
    message: { ...message, content: role === "user" || off || on ? plain.trim() : plain },
    on: off ? false : on || undefined,
  };
}

function heard(messages: readonly Message[], think: Think | undefined): { messages: Message[]; on: boolean } {
  const all = messages.map(switched);
  const switchedOn = all.findLast(({ on }) => on !== undefined)?.on;
  return {
    messages: all.map(({ message }) => message),
    on: switchedOn ?? (think === undefined || isOn(think)),
  };
}

const END = "</think>";
const NO_THOUGHT = `<think>${END}`;

/** @param keeps whether its thinking is shown. */
function assistantText(message: Message, keeps: boolean, { gaps: [before, behind] }: Variant): string {
  const { thinking = "", toolCalls = [] } = message;
  const reasoning = thinking.trim();
  const inline = message.content.includes("<think>") && message.content.includes(END);
  const content = toolCalls.length > 0 ? message.content.trim() : message.content;
  const thought = reasoning === "" ? NO_THOUGHT : `<think>\n${reasoning}${before}${END}${behind}`;
  const whole = inline ? content : thought + content;
  const shown = (keeps ? whole : NO_THOUGHT + whole.slice(whole.lastIndexOf(END) + END.length)).trim();
  const calls = toolCalls.map((call) => `${functionCall(call, pythonText)}\n`).join("");
  return calls === "" ? shown : `${shown}\n${calls}`;
}

function renderer(variant: Variant): Renderer {
  return (conversation) => {
    const { think } = conversation;
    const { messages, on } = variant.switches
      ? heard(conversation.messages, think)
      : { messages: conversation.messages, on: think === undefined || isOn(think) };
    const first = messages[0]?.role === "system" ? messages[0] : undefined;
    const question = lastOf(messages, "user");
    const text = turns(messages, (message, at) => {
      const { role, content } = message;
      if (message === first) return "";
      if (role === "assistant")
        return `<|im_start|>assistant\n${assistantText(message, at > question, variant)}<|im_end|>\n`;
      if (role !== "tool") {
        const effort = variant.medium && think === "medium" && at === question ? EFFICIENT : "";
        return `<|im_start|>${role}\n${content}${effort}<|im_end|>\n`;
      }
      const begin = beginsResults(messages, at) && at > 0 ? "<|im_start|>user\n" : "";
      const end = endsResults(messages, at) ? "<|im_end|>\n" : "";
      return `${begin}<tool_response>\n${content}\n</tool_response>\n${end}`;
    });
    const system = systemTurn(conversation, first?.content ?? "");
    return `${system}${text}<|im_start|>assistant\n${on ? "<think>\n" : "<think></think>"}`;
  };
}

export const renderNemotron3 = renderer({ switches: true, gaps: ["\n", "\n"], medium: false });
export const renderNemotron35 = renderer({ switches: false, gaps: ["", ""], medium: true });
