import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { answerReply, type Writer } from "./answer-reply.ts";
import { chatChunks } from "./chat-chunks.ts";
import { wholeChat } from "./chat-whole.ts";
import { chatCompletionsDocs } from "./docs/chat.ts";
import { ChatCompletionRequest } from "./model/chat.ts";
import { ChatCompletion, ChatCompletionChunk } from "./model/reply.ts";
import { customNames } from "./tools.ts";
import { translateChat } from "./translate-chat.ts";

const writer: Writer<typeof ChatCompletion, typeof ChatCompletionChunk> = {
  id: "chatcmpl",
  schemas: { whole: ChatCompletion, chunk: ChatCompletionChunk },
  stream: chatChunks,
  whole: wholeChat,
};

function reply(body: ChatCompletionRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateChat(body);
  const translated = { intent: [intent], notices };
  const customTools = customNames(body.tools);
  return answerReply({ body, translated, answers: body.n ?? 1, writer, customTools }, call, deps);
}

/** POST /v1/chat/completions (docs/behaviour: api-openai §3). */
export const chatCompletionsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.chat-completions" }).post(
    "/v1/chat/completions",
    ({ body, request, server }) => reply(body, exchange(request, server, deps), deps),
    {
      ...jsonBody(ChatCompletionRequest, EMPTY_BODY),
      response: { 200: ChatCompletion },
      detail: chatCompletionsDocs,
    },
  );
