import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { badRequest } from "../../lib/errors.ts";
import { jsonBody } from "../wire/body.ts";
import { answerReply } from "./answer-reply.ts";
import type { Layout } from "./chunks.ts";
import { chatDocs } from "./docs/answer.ts";
import { ChatReply, ChatRequest } from "./model/answer.ts";
import { translateChat } from "./translate.ts";

const layout: Layout = {
  content: ({ text, thinking, toolCalls }) => ({
    message: {
      role: "assistant",
      content: text,
      ...(thinking && { thinking }),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    },
  }),
};

/** Unlike generate, chat does not look for a model without a name. */
function translate(body: ChatRequest): ReturnType<typeof translateChat> {
  const translated = translateChat(body);
  if (translated.intent.model.trim() === "") throw badRequest("model is required");
  return translated;
}

/** POST /api/chat (spec: api-native §5). */
export const chatRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.chat" }).post(
    "/api/chat",
    ({ body, request, server }) =>
      answerReply(
        { request, server, translated: translate(body), stream: body.stream ?? true, layout },
        deps,
      ),
    {
      ...jsonBody(ChatRequest),
      response: { 200: ChatReply },
      detail: chatDocs,
    },
  );
