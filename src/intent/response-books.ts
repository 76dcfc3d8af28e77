/** A JSON object. */
export type JsonObject = Record<string, unknown>;
/** An item of a response, with its id. */
export type KeptItem = JsonObject & { id: string };

/** A response of OpenAI's Responses API as it is kept, so that clients may continue it or read it again. */
export interface KeptResponse {
  id: string;
  previousId?: string;
  /** The response without its output. */
  body: JsonObject;
  input: KeptItem[];
  output: KeptItem[];
}

/** The conversation up to the end of a response. */
export type KeptConversation =
  /** All items in the order in which they came: input and output of the first response, then of the next. */
  | { type: "whole"; items: JsonObject[] }
  /** The response, or one before it, does not exist (any more). */
  | { type: "broken"; missing: string }
  /** It is longer than conversations may be. */
  | { type: "too_long" };

/** The books of responses. A response that is too old is not found, whether it has been removed or not. */
export interface ResponseBooks {
  /** Keeps a response, and all responses that it continues for as long. Removes responses that are too old or too many. */
  keep(response: KeptResponse): void;
  find(id: string): KeptResponse | undefined;
  /** The conversation up to the end of a response, its own items included. */
  conversation(id: string): KeptConversation;
  /** The item with this id, whichever response it is part of. */
  item(id: string): JsonObject | undefined;
  /** Responses that continue a removed one can be read, but not be continued. @returns false when there was none. */
  remove(id: string): boolean;
}
