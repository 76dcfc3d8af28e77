import type { Message } from "../../intent/message.ts";
import { documentOf, searchResultOf, unsupported } from "./content-text.ts";
import type { Block, ToolResultBlock } from "./model/blocks.ts";

/** What blocks say together. */
interface Content {
  texts: string[];
  /** Base64. */
  images: string[];
}

/** Adds a block that may stand in a turn of the user and in a tool's result. */
function addBlock(block: Block, where: string, { texts, images }: Content): void {
  if (block.type === "text") texts.push(block.text);
  else if (block.type === "image") images.push(block.source.data);
  else if (block.type === "document") texts.push(documentOf(block, where));
  else if (block.type === "search_result") texts.push(searchResultOf(block, where));
  else throw unsupported(block.type, where);
}

const messageOf = (role: string, { texts, images }: Content): Message => ({
  role,
  content: texts.join(""),
  ...(images.length > 0 && { images }),
});

function resultContent(content: ToolResultBlock["content"], where: string): Content {
  const found: Content = { texts: [], images: [] };
  if (typeof content === "string") found.texts.push(content);
  else for (const [at, block] of (content ?? []).entries()) addBlock(block, `${where}.${at}`, found);
  return found;
}

/** The result of a call. Templates have no place for failures, so the text says that it is one. */
function resultMessage(block: ToolResultBlock, where: string, before: readonly Message[]): Message {
  const id = block.tool_use_id;
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
export function userMessages(
  content: string | readonly Block[],
  where: string,
  before: readonly Message[],
): Message[] {
  if (typeof content === "string") return [{ role: "user", content }];
  const results: Message[] = [];
  const said: Content = { texts: [], images: [] };
  for (const [at, block] of content.entries()) {
    const place = `${where}.${at}`;
    if (block.type === "tool_result") results.push(resultMessage(block, place, before));
    else addBlock(block, place, said);
  }
  const silent = said.texts.length === 0 && said.images.length === 0;
  return results.length > 0 && silent ? results : [...results, messageOf("user", said)];
}
