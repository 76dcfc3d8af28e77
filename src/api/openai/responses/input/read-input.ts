import type { ResponseBooks } from "../../../../intent/response-books.ts";
import { RequestError } from "../../request-error.ts";
import { isOwnItem, isReference, type WireItem } from "../schema/input-item.ts";
import type { ResponseRequest } from "../schema/request.ts";
import type { Item } from "./item.ts";
import { readItem } from "./read-item.ts";
import { storedItem } from "./stored-item.ts";

/** The item that a reference names, as it is kept. */
function referred({ id }: { id?: string | null }, param: string, books: ResponseBooks): Item {
  const found = typeof id === "string" ? books.item(id) : undefined;
  if (found !== undefined) return storedItem(found, param);
  throw new RequestError(
    param,
    `Item with id '${id ?? ""}' not found. Items are not persisted when \`store\` is set to false.`,
  );
}

/**
 * The items of the inner language for one of the request. Tools that it loads are read apart (`readTools`); items of hosted tools are left
 * out.
 */
function itemsOf(item: WireItem, param: string, books: ResponseBooks): Item[] {
  if (isReference(item)) return [referred(item, param, books)];
  return isOwnItem(item) ? [readItem(item, param)] : [];
}

/**
 * The items of a request's `input`: a text is a message of the user's (docs/behaviour: api-openai §7.1). Items of hosted tools are left
 * out.
 *
 * @throws AppError `bad_request` for items that nothing here can honour.
 */
export function readInput(input: NonNullable<ResponseRequest["input"]>, books: ResponseBooks): Item[] {
  if (typeof input === "string") return [readItem({ role: "user", content: input }, "input")];
  return input.flatMap((item, at) => itemsOf(item, `input[${at}]`, books));
}
