import type { Message } from "../../intent/message.ts";
import { type MessagePart, messageContent } from "../wire/message-parts.ts";
import { documentOf, searchResultOf, toolReferenceOf, unsupportedBlock } from "./content-text.ts";
import { type Block, isOwnBlock, type ToolResultBlock } from "./schema/blocks.ts";

/** The part of a message that a block becomes, in a turn of the user or in a tool's result. */
function partOf(block: Block, where: string): MessagePart {
  if (block.type === "text") return { text: block.text };
  if (block.type === "image") {
    return { image: block.source.type === "url" ? block.source.url : block.source.data };
  }
  if (block.type === "document") return { text: documentOf(block, where) };
  if (block.type === "search_result") return { text: searchResultOf(block, where) };
  if (block.type === "tool_reference") return { text: toolReferenceOf(block) };
  if (block.type === "compaction") return { text: block.content ?? "" };
  throw unsupportedBlock(block.type, where);
}

const resultParts = (content: ToolResultBlock["content"], where: string): MessagePart[] =>
  typeof content === "string"
    ? [{ text: content }]
    : (content ?? []).flatMap((block, at) => (isOwnBlock(block) ? [partOf(block, `${where}.${at}`)] : []));

/** The result of a call. Templates have no place for failures, so the text says that it is one. */
function resultMessage(
  block: ToolResultBlock,
  where: string,
  toolNames: ReadonlyMap<string, string>,
): Message {
  const id = block.tool_use_id;
  const toolName = toolNames.get(id);
  const parts = resultParts(block.content, `${where}.content`);
  const failed: MessagePart[] = block.is_error === true ? [{ text: "Error: " }] : [];
  return {
    role: "tool",
    ...messageContent([...failed, ...parts], ""),
    ...(toolName && { toolName }),
    toolCallId: id,
  };
}

/**
 * A turn of the user: the results of tools, each a message of its own, then what the user says (docs/behaviour: api-openai §9.2).
 *
 * @param toolNames of the calls so far, the last of each id; a result names its tool by them.
 * @throws AppError `bad_request`.
 */
export function userMessages(
  content: string | readonly Block[],
  where: string,
  toolNames: ReadonlyMap<string, string>,
): Message[] {
  if (typeof content === "string") return [{ role: "user", content }];
  const results: Message[] = [];
  const parts: MessagePart[] = [];
  for (const [at, block] of content.entries()) {
    const place = `${where}.${at}`;
    if (block.type === "tool_result") results.push(resultMessage(block, place, toolNames));
    else parts.push(partOf(block, place));
  }
  if (results.length > 0 && parts.length === 0) return results;
  return [...results, { role: "user", ...messageContent(parts, "") }];
}
