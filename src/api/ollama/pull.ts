import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, progressLines } from "../wire/describe-native.ts";
import { BODY_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { ProgressReply } from "./schema/create.ts";
import { PullRequest } from "./schema/pull.ts";
import { translateTransfer } from "./transfer-request.ts";

const pullDocs = describeNativeRoute({
  operationId: "pullModel",
  summary: "Pull a model",
  description:
    "Fetches a model from a registry, or the rest of one: what was fetched before stays, also when the server was killed. Clients that pull one model share the work; it pauses when the last of them leaves. Failures after the first line are its last line.",
  tag: "models",
  replies: { 200: progressLines(ProgressReply) },
  failures: {
    400: "invalid model name",
    401: "unauthorized: access denied",
    403: 'registry "registry.example" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server',
    404: "pull model manifest: file does not exist",
    499: "request canceled",
    502: "pull model manifest: 412: this model needs a newer version",
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

/** POST /api/pull (docs/behaviour: api-native §15). */
export const pullRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.pull" }).post(
    "/api/pull",
    ({ body, request, server }) => {
      const intent = translateTransfer(body, "invalid model name");
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(PullRequest, body));
      return call.progress(ProgressReply, deps.puller.pull(intent, call.signal), body.stream);
    },
    { ...jsonBody(PullRequest), response: { 200: ProgressReply }, detail: pullDocs },
  );
