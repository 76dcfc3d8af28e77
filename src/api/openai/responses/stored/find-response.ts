import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { KeptResponse, ResponseBooks } from "../../../../intent/response-books.ts";
import { notFound } from "../../../../lib/errors.ts";
import { InputItem } from "../schema/item.ts";
import { ResponseObject } from "../schema/response.ts";

/** @throws AppError `not_found`. */
export function findStored(id: string, books: ResponseBooks): KeptResponse {
  const stored = books.find(id);
  if (stored === undefined) throw notFound(`Response with id '${id}' not found.`);
  return stored;
}

/** A response that is kept. @throws AppError `not_found`. */
export function findResponse(id: string, books: ResponseBooks): ResponseObject {
  const { body, output } = findStored(id, books);
  const response: unknown = { ...body, output };
  if (Value.Check(ResponseObject, response)) return response;
  throw new TypeError(`the stored response ${id} is none`);
}

/** The items of the request of a response that is kept. @throws AppError `not_found`. */
export function findInput(id: string, books: ResponseBooks): InputItem[] {
  const { input } = findStored(id, books);
  if (Value.Check(Type.Array(InputItem), input)) return input;
  throw new TypeError(`the stored input of the response ${id} is none`);
}
