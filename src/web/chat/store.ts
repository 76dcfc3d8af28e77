import { computed, signal } from "@preact/signals";
import { createStore, delMany, entries, set } from "idb-keyval";
import { route } from "../route.ts";
import type { Conversation } from "./conversation.ts";

const database = createStore("llamero", "conversations");

/** All conversations of this browser, by their ids. */
export const conversations = signal<ReadonlyMap<string, Conversation>>(new Map());
/** False until those of earlier visits have been read. */
export const loaded = signal(false);

/** The one that the address names. */
export const current = computed(() => conversations.value.get(route.value.id));

/** The latest change first. */
export const ordered = computed(() =>
  [...conversations.value.values()].sort((a, b) => b.changed - a.changed),
);

export async function load(): Promise<void> {
  const kept = await entries<string, Conversation>(database);
  conversations.value = new Map([...kept, ...conversations.value]);
  loaded.value = true;
}

/** Shows a conversation as it is now. It is written down by {@link keep}: an answer changes many times a second. */
export function show(conversation: Conversation): void {
  conversations.value = new Map(conversations.value).set(conversation.id, conversation);
}

/** Shows a conversation and writes it down. */
export async function keep(conversation: Conversation): Promise<void> {
  show(conversation);
  await set(conversation.id, conversation, database);
}

export async function remove(ids: readonly string[]): Promise<void> {
  const left = new Map(conversations.value);
  for (const id of ids) left.delete(id);
  conversations.value = left;
  await delMany([...ids], database);
}
