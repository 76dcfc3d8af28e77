import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { answerReply } from "./answer-reply.ts";
import { messagesDocs } from "./docs/messages.ts";
import { Message } from "./model/reply.ts";
import { MessagesRequest } from "./model/request.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";

/** POST /v1/messages (docs/behaviour: api-openai §9). */
export const messagesRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic.messages" }).post(
    "/v1/messages",
    ({ body, request, server }) => {
      const requestId = newRequestId();
      const call = exchange(request, server, deps, requestIdHeader(requestId));
      return answerReply(body, requestId, call, deps);
    },
    { ...jsonBody(MessagesRequest, EMPTY_BODY), response: { 200: Message }, detail: messagesDocs },
  );
