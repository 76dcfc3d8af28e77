/** A JSON object. */
export type Json = Record<string, unknown>;
/** An item of a response, with its id. */
type StoredItem = Json & { id: string };

export interface StoredResponse {
  id: string;
  previousId?: string;
  /** The response without its output. */
  body: Json;
  input: StoredItem[];
  output: StoredItem[];
}

type Conversation =
  /** All items in the order in which they came. */
  | { type: "whole"; items: Json[] }
  /** This response, or one before it, is not there, or no more. */
  | { type: "broken"; missing: string }
  | { type: "too_long" };

/** Where responses are kept so that clients may continue them; the store of models has such books. */
export interface ResponseBooks {
  keep(response: StoredResponse): void;
  find(id: string): StoredResponse | undefined;
  /** What led up to the end of a response, its own items included. */
  conversation(id: string): Conversation;
  item(id: string): Json | undefined;
  /** Responses that continue it can be asked for, and not be continued. @returns false when there was none. */
  remove(id: string): boolean;
}
