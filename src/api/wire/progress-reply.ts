import type { Notice } from "../../intent/generate.ts";
import type { Logger } from "../../lib/logger.ts";
import { type ConnectionTimeouts, holdOpen } from "./hold-open.ts";
import { ndjsonReply } from "./ndjson.ts";
import { logNotices } from "./notices.ts";
import { jsonReply, warningHeaders } from "./reply.ts";
import { abortedWith } from "./stream-reply.ts";

/** A request for something that takes long, and tells how far it is. */
export interface ProgressRequest {
  request: Request;
  server: ConnectionTimeouts | null;
  /** Its `stream` field. Default: true. */
  stream: boolean | undefined;
  notices: readonly Notice[];
  logger: Logger;
}

async function lastOf(progress: AsyncIterable<object>): Promise<object> {
  let last: object = {};
  for await (const status of progress) last = status;
  return last;
}

/**
 * Replies with the lines of the work, or with the last one alone (spec: api-native §1.3).
 *
 * @param begin begins the work. It ends when the client leaves.
 */
export async function progressReply(
  { request, server, stream, notices, logger }: ProgressRequest,
  begin: (signal: AbortSignal) => AsyncIterable<object>,
): Promise<Response> {
  holdOpen(server, request);
  logNotices(notices, new URL(request.url).pathname, logger);
  const headers = warningHeaders(notices);
  const abort = abortedWith(request.signal);
  const progress = begin(abort.signal);
  if (stream ?? true) return ndjsonReply(progress, abort, headers);
  return jsonReply(await lastOf(progress), { headers: { "content-type": "application/json", ...headers } });
}
