/** A JSON object. */
export type JsonObject = Record<string, unknown>;
/** An item of a response, with its id. */
type KeptItem = JsonObject & { id: string };

export interface KeptResponse {
  id: string;
  previousId?: string;
  /** The response without its output. */
  body: JsonObject;
  input: KeptItem[];
  output: KeptItem[];
}

type KeptConversation =
  /** All items in the order in which they came. */
  | { type: "whole"; items: JsonObject[] }
  /** This response, or one before it, was never kept, or has been removed. */
  | { type: "broken"; missing: string }
  | { type: "too_long" };

/** Where responses are kept so that clients may continue them; the store of models has such books. */
export interface ResponseBooks {
  keep(response: KeptResponse): void;
  find(id: string): KeptResponse | undefined;
  /** The conversation up to the end of a response, its own items included. */
  conversation(id: string): KeptConversation;
  item(id: string): JsonObject | undefined;
  /** Responses that continue a removed one can be read, but not be continued. @returns false when there was none. */
  remove(id: string): boolean;
}
