import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { jsonBody } from "../wire/body.ts";
import type { ConnectionTimeouts } from "../wire/hold-open.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { answerReply, type Writer } from "./answer-reply.ts";
import { chatChunks } from "./chat-chunks.ts";
import { wholeChat } from "./chat-whole.ts";
import { chatCompletionsDocs } from "./docs/chat.ts";
import { ChatCompletionRequest } from "./model/chat.ts";
import { ChatCompletion } from "./model/reply.ts";
import { answersOf } from "./sampling.ts";
import { translateChat } from "./translate-chat.ts";

const writer: Writer = { id: "chatcmpl", stream: chatChunks, whole: wholeChat };

function reply(
  body: ChatCompletionRequest,
  request: Request,
  server: ConnectionTimeouts | null,
  deps: InferenceDeps,
): Promise<Response> {
  const { intent, notices } = translateChat(body);
  const translated = { intent: [intent], notices };
  return answerReply({ request, server, body, translated, answers: answersOf(body), writer }, deps);
}

/** POST /v1/chat/completions (spec: api-openai §3). */
export const chatCompletionsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.chat-completions" }).post(
    "/v1/chat/completions",
    ({ body, request, server }) => reply(body, request, server, deps),
    {
      ...jsonBody(ChatCompletionRequest, EMPTY_BODY),
      response: { 200: ChatCompletion },
      detail: chatCompletionsDocs,
    },
  );
