import type { Translated } from "../../inference/request-options.ts";
import type { Notice } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { ignoredField } from "../wire/notices.ts";
import { assistantMessage } from "./assistant-message.ts";
import { plainText, unsupportedBlock } from "./content-text.ts";
import { type Block, isOwnBlock, type WireBlock } from "./schema/blocks.ts";
import { isHostedType } from "./schema/hosted-block.ts";
import type { CountTokensRequest } from "./schema/request.ts";
import { userMessages } from "./user-messages.ts";

type WireMessage = NonNullable<CountTokensRequest["messages"]>[number];
type Content = string | readonly Block[];

/** The blocks of a message, and those in its results of tools. */
const allBlocks = (content: readonly WireBlock[]): readonly { type: string }[] =>
  content.flatMap((block) =>
    block.type === "tool_result" && "content" in block && Array.isArray(block.content)
      ? [block, ...block.content]
      : [block],
  );

/**
 * Takes the blocks of hosted tools, with a notice for each kind, and those that add or withdraw tools out of a message. A message of
 * nothing else is left out as well.
 */
function spokenIn(content: string | readonly WireBlock[]): {
  content: Content | undefined;
  notices: Notice[];
} {
  if (typeof content === "string") return { content, notices: [] };
  const own = content.filter(isOwnBlock);
  const kinds = allBlocks(content).flatMap(({ type }) => (isHostedType(type) ? [type] : []));
  return {
    content: content.length > 0 && own.length === 0 ? undefined : own,
    notices: kinds.map((kind) => ignoredField(`blocks of type ${kind}`, "the server runs no such tool")),
  };
}

/** Is it a message for one turn alone, in front of a later one of the user's? */
const isCleared = ({ role, clear_at }: WireMessage, at: number, lastOfUser: number): boolean =>
  role === "system" && clear_at === "next_user_message" && at < lastOfUser;

/** The parts of a message that go into the prompt, if any. @throws AppError `bad_request` for a message without content. */
function contentIn(message: WireMessage, at: number, lastOfUser: number) {
  const { role, content, output_config } = message;
  if (isCleared(message, at, lastOfUser)) return { content: undefined, notices: [] };
  if (content !== undefined) return spokenIn(content);
  if (role === "system" && output_config?.effort !== undefined) return { content, notices: [] };
  throw badRequest(`messages.${at}.content: must be a string or an array of content blocks`);
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
  const lastOfUser = messages.findLastIndex(({ role }) => role === "user");
  for (const [at, message] of messages.entries()) {
    const { content, notices: hosted } = contentIn(message, at, lastOfUser);
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
