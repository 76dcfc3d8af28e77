import { isRecord } from "../../../../lib/is-record.ts";
import { argumentsOf } from "../../messages.ts";
import { RequestError } from "../../request-error.ts";
import { itemId } from "../output/item-ids.ts";
import {
  invalidRole,
  isHostedItem,
  isRole,
  loadsTools,
  type OwnItem,
  type WireContent,
  type WireMessageItem,
  type WirePart,
} from "../schema/input-item.ts";
import type { Item, ItemPart } from "./item.ts";

function partOf(part: WirePart): ItemPart {
  if (part.type === "input_image")
    return { type: part.type, image_url: part.image_url, detail: part.detail ?? "auto" };
  if (part.type === "input_audio") {
    const { data, format } = part.input_audio;
    return { type: part.type, input_audio: { data, format: format ?? "wav" } };
  }
  if (part.type === "refusal") return { type: part.type, refusal: part.refusal };
  if (part.type !== "output_text") return { type: "input_text", text: part.text };
  return {
    type: part.type,
    text: part.text,
    annotations: part.annotations ?? [],
    logprobs: part.logprobs ?? [],
  };
}

/** The parts of a content (docs/behaviour: api-openai §7.1). A text is one part. @param textType which kind of part a text is. */
function readContent(content: WireContent, textType: "input_text" | "output_text"): ItemPart[] {
  if (typeof content === "string") return [partOf({ type: textType, text: content })];
  return content.map(partOf);
}

type OfType<T extends string> = Extract<OwnItem, { type: T }>;

/** Fields of items of any type. */
const FIELDS = [
  ...["type", "id", "status", "role", "content", "summary", "encrypted_content"],
  ...["call_id", "name", "namespace", "arguments", "input", "output"],
];

/** The names of an item's unknown fields that are not empty. */
export const unknownItemFields = (item: unknown): string[] =>
  isRecord(item) && !isHostedItem(item) && !loadsTools(item)
    ? Object.keys(item).filter((key) => item[key] !== null && !FIELDS.includes(key))
    : [];

/** Fields that all items have: an item that the client has written has no id yet, and is complete. */
const common = (
  { id, status }: { id?: string | null; status?: string | null },
  type: Parameters<typeof itemId>[0],
) => ({
  id: id || itemId(type),
  status: status ?? "completed",
});

const namespaceOf = ({ namespace }: { namespace?: string | null }) => (namespace ? { namespace } : {});

function messageItem(item: WireMessageItem, param: string): Item {
  const role: string = item.role.toLowerCase();
  if (!isRole(role)) throw new RequestError(`${param}.role`, invalidRole(param));
  const { id, status } = common(item, "message");
  const textType = role === "assistant" ? "output_text" : "input_text";
  return { id, type: "message", status, role, content: readContent(item.content, textType) };
}

const textsIn = (parts: OfType<"reasoning">["content"]): string[] =>
  (parts ?? []).flatMap(({ text }) => text ?? []);

function reasoningItem(item: OfType<"reasoning">): Item {
  const { id, status } = common(item, "reasoning");
  return {
    id,
    type: "reasoning",
    status,
    summary: textsIn(item.summary).map((text) => ({ type: "summary_text", text })),
    content: textsIn(item.content).map((text) => ({ type: "reasoning_text", text })),
    ...(typeof item.encrypted_content === "string" && { encrypted_content: item.encrypted_content }),
  };
}

function functionCallItem(item: OfType<"function_call">, param: string): Item {
  const { arguments: text, call_id, name } = item;
  const why = `failed to parse function call arguments: ${JSON.stringify(text)} is no JSON object`;
  argumentsOf(text, `${param}.arguments`, why);
  const { id, status } = common(item, "function_call");
  return { id, type: "function_call", status, call_id, name, ...namespaceOf(item), arguments: text };
}

function customCallItem(item: OfType<"custom_tool_call">): Item {
  const { call_id, name, input } = item;
  const { id, status } = common(item, "custom_tool_call");
  return { id, type: "custom_tool_call", status, call_id, name, ...namespaceOf(item), input };
}

function outputItem(item: OfType<"function_call_output"> | OfType<"custom_tool_call_output">): Item {
  const { type, call_id, output } = item;
  const { id, status } = common(item, type);
  return {
    id,
    type,
    status,
    call_id,
    output: typeof output === "string" ? output : readContent(output, "input_text"),
  };
}

/**
 * An item in its one form, with an id; a role without a type is a message (docs/behaviour: api-openai §7.1).
 *
 * @param param names its place in errors, e.g. `input[2]`.
 * @throws AppError `bad_request` for one that nothing here can honour.
 */
export function readItem(item: OwnItem, param: string): Item {
  switch (item.type) {
    case "reasoning":
      return reasoningItem(item);
    case "function_call":
      return functionCallItem(item, param);
    case "custom_tool_call":
      return customCallItem(item);
    case "function_call_output":
    case "custom_tool_call_output":
      return outputItem(item);
    default:
      return messageItem(item, param);
  }
}
