import type { Message } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { blockOf, documentOf, searchResultOf, textIn, unsupported } from "./content-text.ts";
import { imageOf } from "./image.ts";

/** What blocks say together. */
interface Content {
  texts: string[];
  /** Base64. */
  images: string[];
}

type Block = Record<string, unknown> & { type: string };

/** Adds a block that may stand in a turn of the user and in a tool's result. */
function addBlock(block: Block, where: string, { texts, images }: Content, invalidImage?: string): void {
  if (block.type === "text") texts.push(textIn(block, "text", where));
  else if (block.type === "image") images.push(imageOf(block.source, invalidImage));
  else if (block.type === "document") texts.push(documentOf(block, where));
  else if (block.type === "search_result") texts.push(searchResultOf(block, where));
  else unsupported(block.type, where);
}

const messageOf = (role: string, { texts, images }: Content): Message => ({
  role,
  content: texts.join(""),
  ...(images.length > 0 && { images }),
});

function resultContent(content: unknown, where: string): Content {
  const found: Content = { texts: [], images: [] };
  if (typeof content === "string") found.texts.push(content);
  else if (Array.isArray(content)) {
    for (const [at, value] of content.entries()) {
      const place = `${where}.${at}`;
      addBlock(blockOf(value, place), place, found, "invalid tool_result image source");
    }
  } else if (content !== undefined && content !== null) {
    throw badRequest(`${where}: must be a string or an array of content blocks`);
  }
  return found;
}

/** The result of a call. Templates have no place for failures, so the text says that it is one. */
function resultMessage(block: Block, where: string, before: readonly Message[]): Message {
  const id = textIn(block, "tool_use_id", where);
  const calls = before.flatMap(({ toolCalls = [] }) => toolCalls);
  const toolName = calls.findLast((call) => call.id === id)?.name;
  const message = messageOf("tool", resultContent(block.content, `${where}.content`));
  return {
    ...message,
    content: block.is_error === true ? `Error: ${message.content}` : message.content,
    ...(toolName && { toolName }),
    toolCallId: id,
  };
}

/**
 * A turn of the user: the results of tools, each a message of its own, then what the user says (spec: api-openai §9.2).
 *
 * @param before the conversation so far; a result names its tool by the call in it.
 * @throws AppError `bad_request`.
 */
export function userMessages(content: unknown, where: string, before: readonly Message[]): Message[] {
  if (typeof content === "string") return [{ role: "user", content }];
  if (!Array.isArray(content)) throw badRequest(`${where}: must be a string or an array of content blocks`);
  const results: Message[] = [];
  const said: Content = { texts: [], images: [] };
  for (const [at, value] of content.entries()) {
    const place = `${where}.${at}`;
    const block = blockOf(value, place);
    if (block.type === "tool_result") results.push(resultMessage(block, place, before));
    else addBlock(block, place, said);
  }
  const silent = said.texts.length === 0 && said.images.length === 0;
  return results.length > 0 && silent ? results : [...results, messageOf("user", said)];
}
