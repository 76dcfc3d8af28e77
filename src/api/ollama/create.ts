import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { ndjsonReply } from "../wire/ndjson.ts";
import { logNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { translateCreate } from "./create-request.ts";
import type { OllamaDeps } from "./deps.ts";
import { createDocs } from "./docs/create.ts";
import { lastOf } from "./last-of.ts";
import { CreateRequest, ProgressReply } from "./model/create.ts";
import { createAfterPull } from "./pull-source.ts";

async function create(
  body: CreateRequest,
  request: Request,
  server: ConnectionTimeouts | null,
  deps: OllamaDeps,
): Promise<Response> {
  const { intent, notices } = translateCreate(body);
  holdOpen(server, request);
  logNotices(notices, "/api/create", deps.logger);
  const headers = warningHeaders(notices);
  const abort = abortedWith(request.signal);
  const progress = createAfterPull(deps, intent, abort.signal);
  if (body.stream ?? true) return ndjsonReply(progress, abort, headers);
  return jsonReply(await lastOf(progress), { headers: { "content-type": "application/json", ...headers } });
}

/** POST /api/create (spec: api-native §11). */
export const createRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.create" }).post(
    "/api/create",
    ({ body, request, server }) => create(body, request, server, deps),
    {
      ...jsonBody(CreateRequest),
      response: { 200: ProgressReply },
      detail: createDocs,
    },
  );
