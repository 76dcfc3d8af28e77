import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { pullDocs } from "./docs/pull.ts";
import { ProgressReply } from "./model/create.ts";
import { PullRequest } from "./model/pull.ts";
import { translateTransfer } from "./transfer-request.ts";

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
