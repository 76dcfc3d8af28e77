import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import type { OllamaDeps } from "./deps.ts";
import { pushDocs } from "./docs/push.ts";
import { ProgressReply } from "./model/create.ts";
import { PushRequest } from "./model/push.ts";
import { transferReply, translateTransfer } from "./transfer.ts";

/** POST /api/push (spec: api-native §16). */
export const pushRoute = ({ pusher, logger }: OllamaDeps) =>
  new Elysia({ name: "ollama.push" }).post(
    "/api/push",
    ({ body, request, server }) => {
      const intent = translateTransfer(body, "model is required");
      const begin = (signal: AbortSignal) => pusher.push(intent, signal);
      return transferReply({ path: "/api/push", schema: PushRequest, body, request, server, logger, begin });
    },
    { ...jsonBody(PushRequest), response: { 200: ProgressReply }, detail: pushDocs },
  );
