import type { Clock } from "../../lib/clock.ts";
import type { AppError } from "../../lib/errors.ts";
import { encodeGoJson } from "../../lib/go-json.ts";
import { HEARTBEAT_MS, type StreamOptions, type StreamSource, streamReply } from "./stream-reply.ts";

/** One server-sent event. @typeParam T what its JSON is. */
export interface ServerSentEvent<T extends object = object> {
  /** The program's own word, never a client's: it has no line breaks. */
  event?: string;
  /** Sent as JSON; a text is sent as it is, and has no line breaks. */
  data: T | string;
}

export interface SseOptions extends StreamOptions {
  clock: Clock;
  /** The last event of a stream that failed, in the dialect's envelope. */
  failure(error: AppError): ServerSentEvent;
  /** The event that is sent while the source is silent. Default: a comment. */
  heartbeat?: ServerSentEvent;
}

const encoder = new TextEncoder();

const COMMENT = encoder.encode(": waiting\n\n");

function encode({ event, data }: ServerSentEvent): Uint8Array {
  const name = event === undefined ? "" : `event: ${event}\n`;
  return encoder.encode(`${name}data: ${typeof data === "string" ? data : encodeGoJson(data)}\n\n`);
}

/**
 * A reply of server-sent events. While the source is silent, a heartbeat is sent every {@link HEARTBEAT_MS}: a model that loads or
 * evaluates a long prompt does not look dead. A failure before the first event or heartbeat is thrown here.
 */
export const sseReply = (
  source: StreamSource<ServerSentEvent>,
  { clock, failure, heartbeat, abort, headers }: SseOptions,
): Promise<Response> =>
  streamReply(
    source,
    {
      contentType: "text/event-stream",
      encode,
      failure,
      heartbeat: { bytes: heartbeat ? encode(heartbeat) : COMMENT, everyMs: HEARTBEAT_MS, clock },
    },
    { abort, headers: () => ({ "cache-control": "no-cache", ...headers() }) },
  );
