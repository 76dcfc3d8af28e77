import type { AttachedFile, Conversation, Settings, Turn } from "./conversation.ts";

/** The content of an exported file. */
export interface Exported {
  format: "llamero-conversations";
  version: 1;
  conversations: Conversation[];
}

export const exported = (conversations: readonly Conversation[]): Exported => ({
  format: "llamero-conversations",
  version: 1,
  conversations: [...conversations],
});

/** The conversations that could be read, and the number of those that could not. */
export interface Imported {
  conversations: Conversation[];
  /** How many of its conversations are damaged: one that is shown without being what it should is the end of the page. */
  damaged: number;
}

/** @throws Error for what is no exported file. */
export function imported(text: string): Imported {
  const file = jsonOf(text);
  if (!isRecord(file) || file.format !== "llamero-conversations" || !Array.isArray(file.conversations))
    throw new Error("This file holds no conversations of llamero's.");
  const conversations = file.conversations.filter(isConversation);
  return { conversations, damaged: file.conversations.length - conversations.length };
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

type Guard<T> = (value: unknown) => value is T;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

/** Each member as its guard says, or absent where it may be. */
const has = (value: Record<string, unknown>, guards: Record<string, Guard<unknown>>, mayLack = false) =>
  Object.entries(guards).every(([key, is]) => (mayLack && value[key] === undefined) || is(value[key]));

const listOf =
  <T>(is: Guard<T>): Guard<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.every(is);

const isConversation = (value: unknown): value is Conversation =>
  isRecord(value) &&
  has(value, {
    id: isText,
    title: isText,
    model: isText,
    settings: isSettings,
    turns: listOf(isTurn),
    changed: isNumber,
  });

const NUMBERS = "temperature topP topK minP repeatPenalty numCtx numPredict seed".split(" ");

const isSettings = (value: unknown): value is Settings =>
  isRecord(value) &&
  isText(value.system) &&
  has(value, Object.fromEntries(NUMBERS.map((key) => [key, isNumber])), true) &&
  has(value, { think: (think) => isFlag(think) || isText(think) }, true);

const isTurn = (value: unknown): value is Turn =>
  isRecord(value) &&
  has(value, { id: isText, role: (role) => role === "user" || role === "assistant", content: isText }) &&
  has(
    value,
    {
      thinking: isText,
      images: listOf(isText),
      files: listOf(isFile),
      toolCalls: listOf(isCall),
      metrics: isMetrics,
      error: isText,
      stopped: isFlag,
    },
    true,
  );

const isFile = (value: unknown): value is AttachedFile =>
  isRecord(value) && isText(value.name) && isText(value.text);

const isCall = (value: unknown): value is object =>
  isRecord(value) &&
  isRecord(value.function) &&
  isText(value.function.name) &&
  isRecord(value.function.arguments);

/** Counts are numbers; what else the server told, such as when it was, is not shown. */
const isMetrics = (value: unknown): value is object =>
  isRecord(value) &&
  ["eval_count", "eval_duration", "prompt_eval_count", "prompt_eval_cached_count"].every(
    (key) => value[key] === undefined || isNumber(value[key]),
  );
