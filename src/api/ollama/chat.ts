import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { badRequest } from "../../lib/errors.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { answerReply } from "./answer-reply.ts";
import type { Layout } from "./chunks.ts";
import { chatDocs } from "./docs/answer.ts";
import { ChatReply, ChatRequest } from "./model/answer.ts";
import { translateChat } from "./translate.ts";

const layout: Layout<ChatReply> = ({ head, part: { text, thinking, toolCalls }, end, metrics, tail }) => ({
  ...head,
  message: {
    role: "assistant",
    content: text,
    ...(thinking && { thinking }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  },
  ...end,
  ...metrics,
  ...tail,
});

/** Unlike generate, chat does not look for a model without a name. */
function translate(body: ChatRequest): ReturnType<typeof translateChat> {
  const translated = translateChat(body);
  if (translated.intent.model.trim() === "") throw badRequest("model is required");
  return translated;
}

/** POST /api/chat (docs/behaviour: api-native §5). */
export const chatRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.chat" }).post(
    "/api/chat",
    ({ body, request, server }) =>
      answerReply(
        { translated: translate(body), stream: body.stream ?? true, schema: ChatReply, layout },
        exchange(request, server, deps),
        deps,
      ),
    {
      ...jsonBody(ChatRequest),
      response: { 200: ChatReply },
      detail: chatDocs,
    },
  );
