import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { anthropicAnswerReply } from "./answer-reply.ts";
import { describeAnthropicRoute } from "./describe.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";
import { MessageStreamEvent } from "./schema/event.ts";
import { AnthropicMessage } from "./schema/reply.ts";
import { MessagesRequest } from "./schema/request.ts";

const messagesDocs = describeAnthropicRoute({
  operationId: "createMessage",
  summary: "Continue a conversation (Anthropic)",
  description:
    "Anthropic's Messages. Any `x-api-key` and `anthropic-version` are accepted. What the request does not set is as the model's PARAMETERs have it. A field that cannot be honoured is refused; one that is unknown is ignored with a `Warning` header. Ollama's `options`, such as `num_ctx`, and `keep_alive` are taken as well. Every reply has a `request-id` header. Closing the connection stops the answer.",
  tag: "anthropic",
  replies: {
    200: {
      description:
        "One JSON object, or with `stream` a `text/event-stream` in which each event is `event: ` and its name, then `data: ` and JSON: `message_start`; for each block `content_block_start`, `content_block_delta` and `content_block_stop`; `message_delta`; `message_stop`. While the model is silent, `ping` is sent every 10 seconds.",
      content: { "application/json": AnthropicMessage, "text/event-stream": MessageStreamEvent },
    },
  },
  failures: {
    400: "max_tokens is required and must be positive",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});

/** POST /v1/messages (docs/behaviour: api-openai §9). */
export const messagesRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic.messages" }).post(
    "/v1/messages",
    ({ body, request, server }) => {
      const requestId = newRequestId();
      const call = exchange(request, server, deps, requestIdHeader(requestId));
      return anthropicAnswerReply(body, requestId, call, deps);
    },
    { ...jsonBody(MessagesRequest, EMPTY_BODY), response: { 200: AnthropicMessage }, detail: messagesDocs },
  );
