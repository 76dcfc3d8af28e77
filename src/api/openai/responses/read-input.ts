import { RequestError } from "../request-error.ts";
import type { Item } from "./item.ts";
import { readItem } from "./read-item.ts";
import type { ResponseBooks } from "./response-books.ts";

const isReference = (value: unknown): value is { id?: unknown } =>
  typeof value === "object" && value !== null && "type" in value && value.type === "item_reference";

/** The item that a reference names, as it is kept. */
function referred(reference: { id?: unknown }, param: string, books: ResponseBooks): Item {
  const { id } = reference;
  const found = typeof id === "string" ? books.item(id) : undefined;
  if (found !== undefined) return readItem(found, { param });
  throw new RequestError(
    param,
    `Item with id '${typeof id === "string" ? id : ""}' not found. Items are not persisted when \`store\` is set to false.`,
  );
}

/**
 * The items of a request's `input`: a text is a message of the user's (spec: api-openai §7.1).
 *
 * @throws AppError `bad_request` for what is no input.
 */
export function readInput(input: unknown, books: ResponseBooks): Item[] {
  if (typeof input === "string") return [readItem({ role: "user", content: input }, { param: "input" })];
  if (!Array.isArray(input)) throw new RequestError("input", "input must be a string or array");
  return input.map((item: unknown, at) => {
    const param = `input[${at}]`;
    return isReference(item) ? referred(item, param, books) : readItem(item, { param });
  });
}
