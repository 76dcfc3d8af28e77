import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { jsonBody } from "../wire/body.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { answerReply } from "./answer-reply.ts";
import { messagesDocs } from "./docs/messages.ts";
import { Message } from "./model/reply.ts";
import { MessagesRequest } from "./model/request.ts";

/** POST /v1/messages (spec: api-openai §9). */
export const messagesRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic.messages" }).post(
    "/v1/messages",
    ({ body, request, server }) => answerReply(body, request, server, deps),
    { ...jsonBody(MessagesRequest, EMPTY_BODY), response: { 200: Message }, detail: messagesDocs },
  );
