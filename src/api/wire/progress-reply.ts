import type { TObject } from "@sinclair/typebox";
import type { Logger } from "../../lib/logger.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { ndjsonReply } from "../wire/ndjson.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";

/** A request for something that takes long. */
export interface ProgressRequest {
  request: Request;
  server: ConnectionTimeouts | null;
  schema: TObject;
  body: { stream?: boolean };
  logger: Logger;
}

/** Replies with the lines of `work`, or with the last one alone. The work ends when the client leaves. */
export async function progressReply(
  { request, server, schema, body, logger }: ProgressRequest,
  work: (signal: AbortSignal) => AsyncIterable<object>,
): Promise<Response> {
  holdOpen(server, request);
  const notices = unknownFieldNotices(schema, body);
  logNotices(notices, new URL(request.url).pathname, logger);
  const headers = warningHeaders(notices);
  const abort = abortedWith(request.signal);
  const lines = work(abort.signal);
  if (body.stream ?? true) return ndjsonReply(lines, abort, headers);
  let last: object = {};
  for await (const line of lines) last = line;
  return jsonReply(last, { headers });
}
