import { signal } from "@preact/signals";
import { type Client, createClient, LlameroError } from "../client/index.ts";

const KEY = "llamero.apiKey";

/** The API key that requests carry; "" for none. Kept in this browser. */
export const apiKey = signal(localStorage.getItem(KEY) ?? "");
/** The server has asked for a key, or refused the one that was sent. */
export const needsKey = signal(false);

let client = connect(apiKey.value);

function connect(key: string): Client {
  return createClient({ host: location.origin, apiKey: key });
}

/** The server that this page came from. */
export const server = (): Client => client;

export function setApiKey(key: string): void {
  localStorage.setItem(KEY, key);
  apiKey.value = key;
  needsKey.value = false;
  client = connect(key);
}

/** A failure in words; one about keys also opens the dialog for them. */
export function explain(error: unknown): string {
  if (error instanceof LlameroError && error.status === 401) needsKey.value = true;
  if (error instanceof LlameroError && error.status === 0) return "The server does not answer.";
  return error instanceof Error ? error.message : String(error);
}
