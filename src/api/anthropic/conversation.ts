import type { Translated } from "../../inference/request-options.ts";
import type { Notice } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { assistantMessage } from "./assistant-message.ts";
import { plainText } from "./content-text.ts";
import type { CountTokensRequest } from "./model/request.ts";
import { userMessages } from "./user-messages.ts";

type WireMessage = NonNullable<CountTokensRequest["messages"]>[number];

function messagesOf(
  { role, content }: WireMessage,
  where: string,
  before: readonly Message[],
): Translated<Message[]> {
  switch (role) {
    case "user":
      return { intent: userMessages(content, `${where}.content`, before), notices: [] };
    case "assistant":
      return assistantMessage(content, `${where}.content`);
    case "system":
      return { intent: [{ role, content: plainText(content, `${where}.content`) }], notices: [] };
    default:
      throw badRequest(`${where}.role: must be "user", "assistant" or "system"`);
  }
}

/**
 * The conversation in the inner language (spec: api-openai §9.2), the system prompt first.
 *
 * @throws AppError `bad_request`.
 */
export function conversationOf({ messages = [], system }: CountTokensRequest): Translated<Message[]> {
  if (messages.length === 0) throw badRequest("messages is required");
  const intent: Message[] = [];
  const notices: Notice[] = [];
  const prompt = system === undefined ? "" : plainText(system, "system");
  if (prompt !== "") intent.push({ role: "system", content: prompt });
  for (const [at, message] of messages.entries()) {
    const translated = messagesOf(message, `messages.${at}`, intent);
    intent.push(...translated.intent);
    notices.push(...translated.notices);
  }
  return { intent, notices };
}
