import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { badRequest } from "../../lib/errors.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, objectOrLines } from "../wire/describe-native.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { ollamaAnswerReply } from "./answer-reply.ts";
import type { ChunkLayout } from "./chunks.ts";
import { ChatReply, ChatRequest } from "./schema/answer.ts";
import { translateOllamaChat } from "./translate.ts";

const layout: ChunkLayout<ChatReply> = ({
  head,
  part: { text, thinking, toolCalls },
  end,
  metrics,
  tail,
}) => ({
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
function translate(body: ChatRequest): ReturnType<typeof translateOllamaChat> {
  const translated = translateOllamaChat(body);
  if (translated.intent.model.trim() === "") throw badRequest("model is required");
  return translated;
}

const chatDocs = describeNativeRoute({
  operationId: "chat",
  summary: "Continue a conversation",
  description:
    "Answers the last message, with all of them in view. Streams unless `stream` is false. Messages that do not fit the context are left out, oldest first, unless `truncate` is false. Without messages it only loads the model, or unloads it with `keep_alive` 0. Closing the connection stops the answer.",
  tag: "answer",
  replies: { 200: objectOrLines(ChatReply) },
  failures: {
    400: "model is required",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});

/** POST /api/chat (docs/behaviour: api-native §5). */
export const chatRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.chat" }).post(
    "/api/chat",
    ({ body, request, server }) =>
      ollamaAnswerReply(
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
