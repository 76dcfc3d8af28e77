import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import type { OllamaDeps } from "./deps.ts";
import { pullDocs } from "./docs/pull.ts";
import { ProgressReply } from "./model/create.ts";
import { PullRequest } from "./model/pull.ts";
import { transferReply, translateTransfer } from "./transfer.ts";

/** POST /api/pull (spec: api-native §15). */
export const pullRoute = ({ puller, logger }: OllamaDeps) =>
  new Elysia({ name: "ollama.pull" }).post(
    "/api/pull",
    ({ body, request, server }) => {
      const intent = translateTransfer(body, "invalid model name");
      const begin = (signal: AbortSignal) => puller.pull(intent, signal);
      return transferReply({ path: "/api/pull", schema: PullRequest, body, request, server, logger, begin });
    },
    { ...jsonBody(PullRequest), response: { 200: ProgressReply }, detail: pullDocs },
  );
