import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, progressLines } from "../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { ProgressReply } from "./schema/create.ts";
import { PushRequest } from "./schema/push.ts";
import { translateTransfer } from "./transfer-request.ts";

const pushDocs = describeNativeRoute({
  operationId: "pushModel",
  summary: "Push a model",
  description:
    "Sends an installed model to the registry that its name names. What the registry has is not sent again, also after the server was killed in the middle. Clients that push one model share the work; it stops when the last of them leaves. Registries know this server by the key in `~/.llamero/id_ed25519.pub`, or by `username` and `password`. Failures after the first line are its last line.",
  tag: "models",
  replies: { 200: progressLines(ProgressReply) },
  failures: {
    400: "model is required",
    401: "unauthorized: access denied",
    403: 'registry "registry.example" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server',
    404: "model 'smollm2:latest' not found",
    499: "request canceled",
    502: "max retries exceeded: push blob: 503",
    ...BODY_FAILURES,
    ...STORE_FAILURES,
  },
});

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
