import { Elysia } from "elysia";
import { badRequest } from "../../lib/errors.ts";
import { parseModelReference } from "../../models/reference.ts";
import type { PullRequest as Pull } from "../../registry/puller.ts";
import { requireLocal } from "../answer/resolve-model.ts";
import { jsonBody } from "../wire/body.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { ndjsonReply } from "../wire/ndjson.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { pullDocs } from "./docs/pull.ts";
import { lastOf } from "./last-of.ts";
import { ProgressReply } from "./model/create.ts";
import { PullRequest } from "./model/pull.ts";

/** @throws AppError 400 for a name that is none, 403 for one that stands for a model of the cloud. */
function translatePull(body: PullRequest): Pull {
  const reference = parseModelReference(body.model || body.name || "");
  if (reference.name === undefined) throw badRequest("invalid model name");
  requireLocal(reference);
  const { username = "", password = "" } = body;
  return {
    name: reference.name,
    insecure: body.insecure === true,
    ...(username !== "" && { credentials: { username, password } }),
  };
}

async function pull(
  body: PullRequest,
  request: Request,
  server: ConnectionTimeouts | null,
  { puller, logger }: OllamaDeps,
): Promise<Response> {
  const intent = translatePull(body);
  holdOpen(server, request);
  const notices = unknownFieldNotices(PullRequest, body);
  logNotices(notices, "/api/pull", logger);
  const headers = warningHeaders(notices);
  const abort = abortedWith(request.signal);
  const progress = puller.pull(intent, abort.signal);
  if (body.stream ?? true) return ndjsonReply(progress, abort, headers);
  return jsonReply(await lastOf(progress), { headers: { "content-type": "application/json", ...headers } });
}

/** POST /api/pull (spec: api-native §15). */
export const pullRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.pull" }).post(
    "/api/pull",
    ({ body, request, server }) => pull(body, request, server, deps),
    { ...jsonBody(PullRequest), response: { 200: ProgressReply }, detail: pullDocs },
  );
