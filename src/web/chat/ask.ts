import { signal } from "@preact/signals";
import type { ChatChunk, ToolCall } from "../../client/index.ts";
import { defined } from "../../lib/defined.ts";
import { explain, server } from "../server.ts";
import { type Conversation, requestMessages, requestOptions, type Turn, withLast } from "./conversation.ts";
import { conversations, keep, show, writeDown } from "./store.ts";

/** The conversations that are being answered, by their ids; `abort` stops an answer. */
export const answering = signal<ReadonlyMap<string, AbortController>>(new Map());

export const stop = (id: string): void => answering.value.get(id)?.abort();

/** How much of an answer, in milliseconds, is lost with the page at most. */
const SAVE_MS = 1_000;

/** The parts of an answer so far. */
interface Growing {
  content: string;
  thinking: string;
  toolCalls: ToolCall[];
}

/**
 * Asks the server to answer the last turn of a conversation. Text that has arrived is shown in the next frame, all at once, so that a fast
 * model does not make the page draw more often than the screen does.
 */
export async function answerTurn(conversation: Conversation): Promise<void> {
  const { id } = conversation;
  const abort = new AbortController();
  answering.value = new Map(answering.value).set(id, abort);
  const growing: Growing = { content: "", thinking: "", toolCalls: [] };
  const now = () => withLast(latest(conversation), shownOf(growing));
  show(conversation);
  // Where the page ends before the answer does, this is what is found again.
  const save = () => writeDown(withLast(now(), { stopped: true }));
  await save();
  const saving = setInterval(() => void save(), SAVE_MS);
  const frame = oncePerFrame(() => show(now()));
  let end: Partial<Turn>;
  try {
    end = await stream(conversation, abort.signal, growing, frame.request);
  } catch (error) {
    end = abort.signal.aborted ? { stopped: true } : { error: explain(error) };
  }
  frame.cancel();
  clearInterval(saving);
  const left = new Map(answering.value);
  left.delete(id);
  answering.value = left;
  await keep({ ...withLast(now(), end), changed: Date.now() });
}

async function stream(
  conversation: Conversation,
  signal: AbortSignal,
  growing: Growing,
  onChange: () => void,
): Promise<Partial<Turn>> {
  const { model, settings } = conversation;
  const request = {
    model,
    messages: requestMessages(withLast(conversation, { content: "" })),
    options: requestOptions(settings),
    ...defined({ think: settings.think }),
  };
  let last: ChatChunk | undefined;
  for await (const chunk of server().chat(request, { signal })) {
    growing.content += chunk.message.content;
    growing.thinking += chunk.message.thinking ?? "";
    growing.toolCalls.push(...(chunk.message.tool_calls ?? []));
    if (chunk.done) last = chunk;
    onChange();
  }
  return last?.done ? { metrics: last } : {};
}

const shownOf = ({ content, thinking, toolCalls }: Growing): Partial<Turn> => ({
  content,
  ...(thinking !== "" && { thinking }),
  ...(toolCalls.length > 0 && { toolCalls }),
});

/** The conversation as the store has it: its title or settings may have been changed meanwhile. */
const latest = (conversation: Conversation): Conversation =>
  conversations.value.get(conversation.id) ?? conversation;

function oncePerFrame(run: () => void): { request(): void; cancel(): void } {
  let pending = 0;
  return {
    request() {
      pending ||= requestAnimationFrame(() => {
        pending = 0;
        run();
      });
    },
    cancel() {
      cancelAnimationFrame(pending);
      pending = 0;
    },
  };
}
