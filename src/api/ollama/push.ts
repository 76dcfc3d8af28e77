import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { progressReply } from "../wire/progress-reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { pushDocs } from "./docs/push.ts";
import { ProgressReply } from "./model/create.ts";
import { PushRequest } from "./model/push.ts";
import { translateTransfer } from "./transfer-request.ts";

/** POST /api/push (spec: api-native §16). */
export const pushRoute = ({ pusher, logger }: OllamaDeps) =>
  new Elysia({ name: "ollama.push" }).post(
    "/api/push",
    ({ body, request, server }) => {
      const intent = translateTransfer(body, "model is required");
      const begin = (signal: AbortSignal) => pusher.push(intent, signal);
      const notices = unknownFieldNotices(PushRequest, body);
      return progressReply({ request, server, stream: body.stream, notices, logger }, begin);
    },
    { ...jsonBody(PushRequest), response: { 200: ProgressReply }, detail: pushDocs },
  );
