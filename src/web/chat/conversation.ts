import type { AnswerMetrics, ChatMessage, ThinkValue, ToolCall } from "../../client/index.ts";

/** A text file that goes along with a message. */
export interface AttachedFile {
  name: string;
  text: string;
}

/** One turn of a conversation, as it is shown and kept. */
export interface Turn {
  id: string;
  role: "user" | "assistant";
  content: string;
  thinking?: string;
  /** Base64, without a prefix. */
  images?: string[];
  files?: AttachedFile[];
  toolCalls?: ToolCall[];
  /** Counts and times; there once an answer is complete. */
  metrics?: AnswerMetrics;
  /** Why there is no answer, or no whole one. */
  error?: string;
  stopped?: boolean;
}

export interface Settings {
  system: string;
  /** Undefined: the model's own. */
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  repeatPenalty?: number;
  numCtx?: number;
  numPredict?: number;
  seed?: number;
  think?: ThinkValue;
}

export interface Conversation {
  id: string;
  /** The beginning of the first message, until it is named otherwise. */
  title: string;
  model: string;
  settings: Settings;
  turns: Turn[];
  /** Milliseconds since the epoch. */
  changed: number;
}

const TITLE_LENGTH = 48;

/** 128 random bits. `randomUUID` is for pages of https and of localhost only, and this one is served to others too. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const newConversation = (model: string, now: number): Conversation => ({
  id: newId(),
  title: "New conversation",
  model,
  settings: { system: "" },
  turns: [],
  changed: now,
});

/** With a message of the user's and an empty answer behind it. */
export function asked(
  conversation: Conversation,
  question: Omit<Turn, "id" | "role">,
  now: number,
): Conversation {
  const turns: Turn[] = [
    ...conversation.turns,
    { id: newId(), role: "user", ...question },
    { id: newId(), role: "assistant", content: "" },
  ];
  const title = conversation.turns.length === 0 ? titleOf(question.content) : conversation.title;
  return { ...conversation, turns, title, changed: now };
}

/** The first line of a message, cut at a word. */
export function titleOf(content: string): string {
  const [line = ""] = content.trim().split("\n");
  if (line.length <= TITLE_LENGTH) return line || "New conversation";
  return `${line.slice(0, TITLE_LENGTH).replace(/\s+\S*$/, "")}…`;
}

/** Up to the turn and without it: what is left when a message is edited, or an answer is asked for again. */
export function before(conversation: Conversation, turnId: string): Conversation {
  const at = conversation.turns.findIndex(({ id }) => id === turnId);
  return at < 0 ? conversation : { ...conversation, turns: conversation.turns.slice(0, at) };
}

/** With a changed last turn. */
export function withLast(conversation: Conversation, change: Partial<Turn>): Conversation {
  const last = conversation.turns.at(-1);
  if (last === undefined) return conversation;
  return { ...conversation, turns: [...conversation.turns.slice(0, -1), { ...last, ...change }] };
}

/** The messages that the model gets: every turn with a text, files in front of their message. */
export function requestMessages({ settings, turns }: Conversation): ChatMessage[] {
  const system = settings.system.trim() === "" ? [] : [{ role: "system", content: settings.system }];
  return [...system, ...turns.filter(says).map(messageOf)];
}

const says = ({ role, content, error }: Turn): boolean =>
  role === "user" || (content !== "" && error === undefined);

function messageOf({ role, content, images, files = [] }: Turn): ChatMessage {
  const attached = files.map(({ name, text }) => `File ${name}:\n\`\`\`\n${text}\n\`\`\`\n\n`).join("");
  return { role, content: attached + content, ...(images !== undefined && images.length > 0 && { images }) };
}

/** The options of a request; what is not set is the model's. */
export function requestOptions(settings: Settings): Record<string, number> {
  const all = {
    temperature: settings.temperature,
    top_p: settings.topP,
    top_k: settings.topK,
    min_p: settings.minP,
    repeat_penalty: settings.repeatPenalty,
    num_ctx: settings.numCtx,
    num_predict: settings.numPredict,
    seed: settings.seed,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
