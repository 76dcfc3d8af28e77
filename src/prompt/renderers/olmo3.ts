import type { Message } from "../../intent/message.ts";
import { prefillOf, type Renderer, type RendererInput, turns, withoutSystem } from "./conversation.ts";
import { sortedEntries, spacedJson } from "./json.ts";

const HELPFUL = "You are a helpful function-calling AI assistant. ";
const OLMO =
  "You are Olmo, a helpful AI assistant built by Ai2. Your date cutoff is December 2024, and your model weights are available at https://huggingface.co/allenai. ";
const NO_FUNCTIONS = "You do not currently have access to any functions. <functions></functions>";
const FUNCTIONS =
  "You are provided with function signatures within <functions></functions> XML tags. You may call one or more functions to assist with the user query. Output any function calls within <function_calls></function_calls> XML tags. Do not make assumptions about what values to plug into functions.";

const turn = (role: string, text: string): string => `<|im_start|>${role}\n${text}<|im_end|>\n`;

const firstSystem = (messages: readonly Message[]): string | undefined =>
  messages.find(({ role }) => role === "system")?.content;

function systemText({ messages, tools }: RendererInput, byDefault: string): string {
  const system = firstSystem(messages);
  const listed = `<functions>${spacedJson(tools)}</functions>`;
  if (system !== undefined) return tools.length > 0 ? system + listed : system;
  return byDefault + (tools.length > 0 ? FUNCTIONS + listed : NO_FUNCTIONS);
}

function callsText({ toolCalls = [] }: Message): string {
  if (toolCalls.length === 0) return "";
  const calls = toolCalls.map(({ name, arguments: args }) => {
    const written = sortedEntries(args).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return `${name}(${written.join(", ")})`;
  });
  return `<function_calls>${calls.join("\n")}</function_calls>`;
}

const instruct =
  (byDefault: string): Renderer =>
  (conversation) => {
    const messages = withoutSystem(conversation.messages);
    const prefill = prefillOf(messages);
    const text = turns(messages, (message) => {
      const { role, content } = message;
      if (role === "user") return turn(role, content);
      if (role === "tool") return turn("environment", content);
      if (role !== "assistant") return "";
      const answer = content + callsText(message);
      return message === prefill ? `<|im_start|>assistant\n${answer}` : turn(role, answer);
    });
    const system = turn("system", systemText(conversation, byDefault));
    return system + text + (prefill === undefined ? "<|im_start|>assistant\n" : "");
  };

export const renderOlmo3 = instruct(HELPFUL);
export const renderOlmo31 = instruct(OLMO);

/** OLMo 3 Think knows neither tools nor a history of thinking. */
const thinking =
  (byDefault: string): Renderer =>
  ({ messages }) => {
    const own = firstSystem(messages);
    const system = turn("system", own === undefined ? byDefault : `${own} ${NO_FUNCTIONS}`);
    const text = turns(messages, ({ role, content }) =>
      role === "user" || role === "assistant" ? turn(role, content) : "",
    );
    return `${system}${text}<|im_start|>assistant\n<think>`;
  };

export const renderOlmo3Think = thinking(OLMO.trimEnd());
export const renderOlmo332bThink = thinking("You are a helpful AI assistant.");
