import type { TObject } from "@sinclair/typebox";
import { badRequest } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { parseModelReference } from "../../models/reference.ts";
import type { PullRequest, PullStatus } from "../../registry/puller.ts";
import { requireLocal } from "../answer/resolve-model.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { ndjsonReply } from "../wire/ndjson.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { lastOf } from "./last-of.ts";
import type { PullRequest as PullBody } from "./model/pull.ts";
import type { PushRequest as PushBody } from "./model/push.ts";

/**
 * What a pull or push asks of the registry room.
 *
 * @param unnamed the text where no model is named.
 * @throws AppError 400 for a name that is none, 403 for one that stands for a model of the cloud.
 */
export function translateTransfer(body: PullBody | PushBody, unnamed: string): PullRequest {
  const reference = parseModelReference(body.model || body.name || "");
  if (reference.raw === "") throw badRequest(unnamed);
  if (reference.name === undefined) throw badRequest("invalid model name");
  requireLocal(reference);
  const { username = "", password = "" } = body;
  return {
    name: reference.name,
    insecure: body.insecure === true,
    ...(username !== "" && { credentials: { username, password } }),
  };
}

interface TransferRoute {
  path: string;
  schema: TObject;
  body: PullBody | PushBody;
  request: Request;
  server: ConnectionTimeouts | null;
  logger: Logger;
  /** Begins the transfer. It is left when the client leaves. */
  begin(signal: AbortSignal): AsyncIterable<PullStatus>;
}

/** Progress as a stream of lines, or the last one alone. */
export async function transferReply(route: TransferRoute): Promise<Response> {
  const { path, schema, body, request, server, logger, begin } = route;
  holdOpen(server, request);
  const notices = unknownFieldNotices(schema, body);
  logNotices(notices, path, logger);
  const headers = warningHeaders(notices);
  const abort = abortedWith(request.signal);
  const progress = begin(abort.signal);
  if (body.stream ?? true) return ndjsonReply(progress, abort, headers);
  return jsonReply(await lastOf(progress), { headers: { "content-type": "application/json", ...headers } });
}
