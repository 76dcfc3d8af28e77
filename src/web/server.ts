import { signal } from "@preact/signals";
import { type Client, createClient, LlameroError } from "../client/index.ts";

const KEY = "llamero.apiKey";

/** The API key that requests carry; "" for none. Kept in this browser. */
export const apiKey = signal(localStorage.getItem(KEY) ?? "");
/** Why the dialog for the key is open: what the server has said of the last one, or "". Undefined: it is closed. */
export const keyProblem = signal<string | undefined>(undefined);
/** The server asks for keys, or one was given. */
export const hasKeys = signal(apiKey.value !== "");
/** Counts the keys that the server has taken: what could not be read without one is read again. */
export const signedIn = signal(0);

let client = connect(apiKey.value);
/** The key with which the dialog has been closed; lists that are read again and again do not open it anew. */
let dismissed: string | undefined;

function connect(key: string): Client {
  return createClient({ host: location.origin, apiKey: key });
}

/** The server that this page came from. */
export const server = (): Client => client;

export function askForKey(problem: string): void {
  keyProblem.value = problem;
  hasKeys.value = true;
  dismissed = apiKey.value;
}

/** Keeps a key, and asks the server whether it takes it; the dialog stays open with the reason when it does not. */
export async function setApiKey(key: string): Promise<void> {
  localStorage.setItem(KEY, key);
  apiKey.value = key;
  client = connect(key);
  const { error } = await client.api.tags.get();
  if (error?.status === 401) return askForKey(key === "" ? "" : reasonOf(error));
  keyProblem.value = undefined;
  dismissed = undefined;
  signedIn.value++;
}

/** Without the advice for programs that follows it. */
const reasonOf = ({ message }: LlameroError): string => `${message.split(": ")[0]}.`;

/** A failure in words; one about keys also opens the dialog for them, once for each key. */
export function explain(error: unknown): string {
  if (!(error instanceof LlameroError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 401 && keyProblem.value === undefined && dismissed !== apiKey.value)
    askForKey(apiKey.value === "" ? "" : reasonOf(error));
  return error.status === 0 ? "The server does not answer." : error.message;
}
