import type { Translated } from "../../inference/request-options.ts";
import type { Notice } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { ignoredField } from "../wire/notices.ts";
import { assistantMessage } from "./assistant-message.ts";
import { plainText, unsupportedBlock } from "./content-text.ts";
import { type Block, isOwnBlock } from "./schema/blocks.ts";
import type { CountTokensRequest } from "./schema/request.ts";
import { userMessages } from "./user-messages.ts";

type WireMessage = NonNullable<CountTokensRequest["messages"]>[number];
type Content = string | readonly Block[];

/** Takes the blocks of hosted tools out of a message, with a notice for each kind. A message of nothing else is left out as well. */
function hostedIn({ content }: WireMessage): { content: Content | undefined; notices: Notice[] } {
  if (typeof content === "string") return { content, notices: [] };
  const own = content.filter(isOwnBlock);
  const kinds = content.filter((block) => !isOwnBlock(block)).map(({ type }) => type);
  return {
    content: kinds.length > 0 && own.length === 0 ? undefined : own,
    notices: kinds.map((kind) => ignoredField(`blocks of type ${kind}`, "the server runs no such tool")),
  };
}

/** The text of a system message among the turns; it may have no other blocks. */
function systemText(content: Content, where: string): string {
  if (typeof content === "string") return content;
  const texts = content.map((block) => {
    if (block.type !== "text") throw unsupportedBlock(block.type, where);
    return block.text;
  });
  return texts.join("");
}

function messagesOf(
  role: WireMessage["role"],
  content: Content,
  where: string,
  toolNames: ReadonlyMap<string, string>,
): Translated<Message[]> {
  const place = `${where}.content`;
  if (role === "assistant") return assistantMessage(content, place);
  if (role === "system") return { intent: [{ role, content: systemText(content, place) }], notices: [] };
  return { intent: userMessages(content, place, toolNames), notices: [] };
}

/**
 * The conversation in the inner language (docs/behaviour: api-openai §9.2), the system prompt first.
 *
 * @throws AppError `bad_request`.
 */
export function conversationOf({ messages = [], system }: CountTokensRequest): Translated<Message[]> {
  if (messages.length === 0) throw badRequest("messages is required");
  const intent: Message[] = [];
  const toolNames = new Map<string, string>();
  const notices: Notice[] = [];
  const prompt = plainText(system ?? "");
  if (prompt !== "") intent.push({ role: "system", content: prompt });
  for (const [at, message] of messages.entries()) {
    const { content, notices: hosted } = hostedIn(message);
    for (const notice of hosted) notices.push(notice);
    if (content === undefined) continue;
    const translated = messagesOf(message.role, content, `messages.${at}`, toolNames);
    for (const each of translated.intent) {
      intent.push(each);
      for (const { id, name } of each.toolCalls ?? []) if (id !== undefined) toolNames.set(id, name);
    }
    for (const notice of translated.notices) notices.push(notice);
  }
  return { intent, notices };
}
