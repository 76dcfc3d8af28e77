import { computed, signal } from "@preact/signals";
import { createStore, delMany, entries, set } from "idb-keyval";
import { route } from "../route.ts";
import type { Conversation } from "./conversation.ts";

const database = createStore("llamero", "conversations");

/** All conversations of this browser, by their ids. */
export const conversations = signal<ReadonlyMap<string, Conversation>>(new Map());
/** Why what is said now will be gone with the page: a full disk, a browser that keeps nothing. "" while it is kept. */
export const notKept = signal("");
/** False until those of earlier visits have been read. */
export const loaded = signal(false);

/** The one that the address names. */
export const current = computed(() => conversations.value.get(route.value.id));

/** The latest change first. */
export const ordered = computed(() =>
  [...conversations.value.values()].sort((a, b) => b.changed - a.changed),
);

export async function load(): Promise<void> {
  await attempt(async () => {
    const kept = await entries<string, Conversation>(database);
    conversations.value = new Map([...kept, ...conversations.value]);
  });
  loaded.value = true;
}

/** One can talk without a memory, when one knows. */
async function attempt(task: () => Promise<void>): Promise<void> {
  try {
    await task();
    notKept.value = "";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notKept.value = `This browser does not keep this conversation: ${reason || "no reason was given"}`;
  }
}

/** Shows a conversation as it is now. It is written down by {@link keep}: an answer changes many times a second. */
export function show(conversation: Conversation): void {
  conversations.value = new Map(conversations.value).set(conversation.id, conversation);
}

/** Writes a conversation down, in the order of these calls. */
export const writeDown = (conversation: Conversation): Promise<void> =>
  attempt(() => set(conversation.id, conversation, database));

/** Shows a conversation and writes it down. */
export async function keep(conversation: Conversation): Promise<void> {
  show(conversation);
  await writeDown(conversation);
}

export async function remove(ids: readonly string[]): Promise<void> {
  const left = new Map(conversations.value);
  for (const id of ids) left.delete(id);
  conversations.value = left;
  await attempt(() => delMany([...ids], database));
}
