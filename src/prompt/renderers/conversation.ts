import type { Think } from "../../intent/generate.ts";
import type { Message, ToolDefinition } from "../../intent/message.ts";
import type { Clock } from "../../lib/clock.ts";

/** The conversation that a renderer writes as a prompt. */
export interface RendererInput {
  messages: readonly Message[];
  tools: readonly ToolDefinition[];
  /** Undefined: the request does not say, and each family has its own default. */
  think: Think | undefined;
  clock: Pick<Clock, "now">;
}

/** Writes a conversation as one family of models has been taught to read it. @throws AppError for what the family refuses. */
export type Renderer = (conversation: RendererInput) => string;

/** `think` as a switch: a level is on. */
export const isOn = (think: Think | undefined): boolean => think !== undefined && think !== false;

export const isSystem = ({ role }: Message): boolean => role === "system" || role === "developer";

export const hasCalls = ({ toolCalls = [] }: Message): boolean => toolCalls.length > 0;

/** The last message, where the answer goes on with its text. */
export const prefillOf = (messages: readonly Message[]): Message | undefined => {
  const last = messages.at(-1);
  return last?.role === "assistant" && last.content !== "" && !hasCalls(last) ? last : undefined;
};

/** The thinking and the text of an answer of the history, both trimmed. */
export interface Parts {
  reasoning: string;
  answer: string;
}

const THINK_END = "</think>";

/** @param inline whether the thinking may have come inside of the text; a thinking of its own field goes first. */
export function messageParts({ content, thinking = "" }: Message, inline = true): Parts {
  const end = inline ? content.indexOf(THINK_END) : -1;
  if (end < 0) return { reasoning: thinking.trim(), answer: content.trim() };
  const before = content
    .slice(0, end)
    .replace(/^[\s\S]*<think>/, "")
    .trim();
  return { reasoning: thinking.trim() || before, answer: content.slice(end + THINK_END.length).trim() };
}

/** The place of the last message with that role; -1: there is none. */
export const lastOf = (messages: readonly Message[], role: string): number =>
  messages.findLastIndex((message) => message.role === role);

/** The place of the last message that asks something; without one the last message, so that none comes behind it. */
export function questionPlace(messages: readonly Message[], asks: (message: Message) => boolean): number {
  const place = messages.findLastIndex(asks);
  return place < 0 ? messages.length - 1 : place;
}

/** Does a run of tool results begin at (or end behind) this message? */
export const beginsResults = (messages: readonly Message[], at: number): boolean =>
  messages[at - 1]?.role !== "tool";
export const endsResults = (messages: readonly Message[], at: number): boolean =>
  messages[at + 1]?.role !== "tool";

/** The messages without those of the system: their text stands elsewhere, and the messages around one become neighbours. */
export const withoutSystem = (messages: readonly Message[]): Message[] =>
  messages.filter(({ role }) => role !== "system");

/** Every message's text by one function, one after the other. */
export const turns = (messages: readonly Message[], turn: (message: Message, at: number) => string): string =>
  messages.map(turn).join("");
