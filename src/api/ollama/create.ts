import { Elysia } from "elysia";
import type { CreateStatus } from "../../models/catalog.ts";
import { jsonBody } from "../wire/body.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { abortedWith, ndjsonReply } from "../wire/ndjson.ts";
import { logNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { translateCreate } from "./create-request.ts";
import type { OllamaDeps } from "./deps.ts";
import { createDocs } from "./docs/create.ts";
import { CreateRequest, ProgressReply } from "./model/create.ts";

/** The last line of progress: what a client gets that wants no stream. */
async function lastOf(progress: AsyncIterable<CreateStatus>): Promise<object> {
  let last: object = {};
  for await (const status of progress) last = status;
  return last;
}

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
  const progress = deps.catalog.create(intent, abort.signal);
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
