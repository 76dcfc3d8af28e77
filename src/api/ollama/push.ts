import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { pushDocs } from "./docs/push.ts";
import { ProgressReply } from "./model/create.ts";
import { PushRequest } from "./model/push.ts";
import { translateTransfer } from "./transfer-request.ts";

/** POST /api/push (docs/behaviour: api-native §16). */
export const pushRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.push" }).post(
    "/api/push",
    ({ body, request, server }) => {
      const intent = translateTransfer(body, "model is required");
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(PushRequest, body));
      return call.progress(ProgressReply, deps.pusher.push(intent, call.signal), body.stream);
    },
    { ...jsonBody(PushRequest), response: { 200: ProgressReply }, detail: pushDocs },
  );
