import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { progressReply } from "../wire/progress-reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { pullDocs } from "./docs/pull.ts";
import { ProgressReply } from "./model/create.ts";
import { PullRequest } from "./model/pull.ts";
import { translateTransfer } from "./transfer-request.ts";

/** POST /api/pull (spec: api-native §15). */
export const pullRoute = ({ puller, logger }: OllamaDeps) =>
  new Elysia({ name: "ollama.pull" }).post(
    "/api/pull",
    ({ body, request, server }) => {
      const intent = translateTransfer(body, "invalid model name");
      const begin = (signal: AbortSignal) => puller.pull(intent, signal);
      const notices = unknownFieldNotices(PullRequest, body);
      return progressReply({ request, server, stream: body.stream, notices, logger }, begin);
    },
    { ...jsonBody(PullRequest), response: { 200: ProgressReply }, detail: pullDocs },
  );
