import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { type EndpointWriter, openaiAnswerReply } from "./answer-reply.ts";
import { chatChunks } from "./chat-chunks.ts";
import { wholeChat } from "./chat-whole.ts";
import { describeOpenaiRoute, objectOrEvents } from "./describe.ts";
import { ChatCompletionRequest } from "./schema/chat.ts";
import { ChatCompletion, ChatCompletionChunk } from "./schema/reply.ts";
import { customNames } from "./tools.ts";
import { translateChatCompletion } from "./translate-chat.ts";

const writer: EndpointWriter<typeof ChatCompletion, typeof ChatCompletionChunk> = {
  id: "chatcmpl",
  schemas: { whole: ChatCompletion, chunk: ChatCompletionChunk },
  stream: chatChunks,
  whole: wholeChat,
};

function reply(body: ChatCompletionRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateChatCompletion(body);
  const translated = { intent: [intent], notices };
  const customTools = customNames(body.tools);
  return openaiAnswerReply({ body, translated, answers: body.n ?? 1, writer, customTools }, call, deps);
}

const chatCompletionsDocs = describeOpenaiRoute({
  operationId: "createChatCompletion",
  summary: "Continue a conversation (OpenAI)",
  description:
    "OpenAI's chat completions. What the request does not set is as the model's PARAMETERs have it. A field that cannot be honoured is refused; one that is unknown is ignored with a `Warning` header. Ollama's `options`, such as `num_ctx`, and `keep_alive` are taken as well. Closing the connection stops the answer.",
  tag: "openai",
  replies: { 200: objectOrEvents(ChatCompletion, ChatCompletionChunk) },
  failures: { 400: "[] is too short - 'messages'", 404: "model 'smollm3' not found", ...SEEING_FAILURES },
});

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
