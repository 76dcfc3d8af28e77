import { isRecord } from "../../../lib/is-record.ts";
import { argumentsOf } from "../messages.ts";
import { RequestError } from "../request-error.ts";
import type { Item } from "./item.ts";
import { itemId } from "./item-ids.ts";
import { readContent } from "./read-content.ts";

type Fields = Record<string, unknown>;

/** Where an item stands, for errors. */
export interface ItemPlace {
  /** E.g. `input[2]`. */
  param: string;
}

/** Fields of items of any type. */
const FIELDS = [
  ...["type", "id", "status", "role", "content", "summary", "encrypted_content"],
  ...["call_id", "name", "namespace", "arguments", "input", "output"],
];

/** The fields of an item that no item has, and that say something. */
export const unknownItemFields = (item: unknown): string[] =>
  isRecord(item) ? Object.keys(item).filter((key) => item[key] !== null && !FIELDS.includes(key)) : [];

const isText = (value: unknown): value is string => typeof value === "string";

const ROLES = ["user", "assistant", "system", "developer"];

function textIn(fields: Fields, key: string, { param }: ItemPlace): string {
  const value = fields[key];
  if (isText(value)) return value;
  throw new RequestError(`${param}.${key}`, `${param}: ${key} must be a string`);
}

const idOf = (fields: Fields, type: Parameters<typeof itemId>[0]): string =>
  isText(fields.id) && fields.id !== "" ? fields.id : itemId(type);

/** The status that the item came with; what a client writes itself is complete. */
const statusOf = ({ status }: Fields): string => (isText(status) ? status : "completed");

const namespaceOf = ({ namespace }: Fields) => (isText(namespace) && namespace !== "" ? { namespace } : {});

function messageItem(fields: Fields, place: ItemPlace): Item {
  const role = textIn(fields, "role", place).toLowerCase();
  if (!ROLES.includes(role)) {
    throw new RequestError(`${place.param}.role`, `${place.param}: role must be one of ${ROLES.join(", ")}`);
  }
  const textType = role === "assistant" ? "output_text" : "input_text";
  const at = { param: `${place.param}.content`, place: place.param };
  return {
    id: idOf(fields, "message"),
    type: "message",
    status: statusOf(fields),
    role,
    content: readContent(fields.content, at, textType),
  };
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap((part: unknown) => (isRecord(part) && isText(part.text) ? [part.text] : []))
    : [];

const reasoningItem = (fields: Fields): Item => ({
  id: idOf(fields, "reasoning"),
  type: "reasoning",
  status: statusOf(fields),
  summary: textsIn(fields.summary).map((text) => ({ type: "summary_text", text })),
  content: textsIn(fields.content).map((text) => ({ type: "reasoning_text", text })),
  ...(isText(fields.encrypted_content) && { encrypted_content: fields.encrypted_content }),
});

function functionCallItem(fields: Fields, place: ItemPlace): Item {
  const text = textIn(fields, "arguments", place);
  const param = `${place.param}.arguments`;
  argumentsOf(
    text,
    param,
    `failed to parse function call arguments: ${JSON.stringify(text)} is no JSON object`,
  );
  return {
    id: idOf(fields, "function_call"),
    type: "function_call",
    status: statusOf(fields),
    call_id: textIn(fields, "call_id", place),
    name: textIn(fields, "name", place),
    ...namespaceOf(fields),
    arguments: text,
  };
}

const customCallItem = (fields: Fields, place: ItemPlace): Item => ({
  id: idOf(fields, "custom_tool_call"),
  type: "custom_tool_call",
  status: statusOf(fields),
  call_id: textIn(fields, "call_id", place),
  name: textIn(fields, "name", place),
  ...namespaceOf(fields),
  input: textIn(fields, "input", place),
});

function outputItem(
  type: "function_call_output" | "custom_tool_call_output",
  fields: Fields,
  place: ItemPlace,
): Item {
  const at = { param: `${place.param}.output`, place: place.param };
  const { output } = fields;
  return {
    id: idOf(fields, type),
    type,
    status: statusOf(fields),
    call_id: textIn(fields, "call_id", place),
    output: isText(output) ? output : readContent(output, at, "input_text"),
  };
}

/**
 * An item in its one form, with an id; a role without a type is a message (spec: api-openai §7.1). Not for `item_reference`.
 *
 * @throws AppError `bad_request` for what is no item, or one that nothing here can honour.
 */
export function readItem(value: unknown, place: ItemPlace): Item {
  const fields = isRecord(value) ? value : {};
  const { param } = place;
  const type: unknown = fields.type ?? (isText(fields.role) ? "message" : undefined);
  switch (type) {
    case "message":
      return messageItem(fields, place);
    case "reasoning":
      return reasoningItem(fields);
    case "function_call":
      return functionCallItem(fields, place);
    case "custom_tool_call":
      return customCallItem(fields, place);
    case "function_call_output":
    case "custom_tool_call_output":
      return outputItem(type, fields, place);
    case undefined:
      throw new RequestError(param, `${param}: input item missing required 'type' field`);
    default:
      throw new RequestError(param, `${param}: unknown input item type: ${JSON.stringify(type)}`);
  }
}
