import type { Caller } from "../api/caller.ts";
import { type StreamEnd, streamEnd } from "../api/wire/stream-reply.ts";
import type { Clock } from "../lib/clock.ts";
import { formatDuration } from "../lib/duration.ts";
import type { LogFields, Logger } from "../lib/logger.ts";

export interface AccessLogOptions {
  logger: Logger;
  clock: Clock;
}

/** What the end of a stream adds to its line: its status was sent before anyone knew. */
function endFields(end: StreamEnd): LogFields {
  if (end === "complete") return {};
  return end === "cancelled" ? { cancelled: true } : { error: end.message };
}

/**
 * One line a request, when its reply has been made, or a streamed one has ended: Ollama's fields in the log's own form.
 */
export function createAccessLog({ logger, clock }: AccessLogOptions) {
  /** @param started when the request came in, in monotonic nanoseconds. */
  return async (request: Request, response: Response, caller: Caller, started: number): Promise<void> => {
    const end = await (streamEnd(response) ?? Promise.resolve("complete" as const));
    logger.info("request", {
      status: response.status,
      duration: formatDuration(clock.nanos() - started),
      client: caller.address,
      method: request.method,
      path: new URL(request.url).pathname,
      ...endFields(end),
    });
  };
}

export type AccessLog = ReturnType<typeof createAccessLog>;
