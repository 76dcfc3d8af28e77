import { Value } from "@sinclair/typebox/value";
import type { JsonObject } from "../../../../intent/response-books.ts";
import { isOwnItem, WireItem } from "../schema/input-item.ts";
import type { Item } from "./item.ts";
import { readItem } from "./read-item.ts";

/** A kept item in its one form. @param param names in errors the field that refers to the item. */
export function storedItem(json: JsonObject, param: string): Item {
  if (Value.Check(WireItem, json) && isOwnItem(json)) return readItem(json, param);
  throw new TypeError(`the stored item ${String(json.id)} is none`);
}
