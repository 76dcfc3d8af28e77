import type { Clock } from "../../lib/clock.ts";
import { defined } from "../../lib/defined.ts";
import { encodeGoJson } from "../../lib/go-json.ts";
import {
  HEARTBEAT_MS,
  type StreamFormat,
  type StreamOptions,
  type StreamSource,
  streamReply,
} from "./stream-reply.ts";

const encoder = new TextEncoder();

const NDJSON: StreamFormat<object> = {
  contentType: "application/x-ndjson",
  encode: (value) => encoder.encode(`${encodeGoJson(value)}\n`),
  failure: ({ message }) => ({ error: message }),
};

/** White space in front of a line's JSON, which every reader of JSON skips. */
const WAITING = encoder.encode(" ");

export interface NdjsonOptions extends StreamOptions {
  /** For a source that may be silent for long: a space is sent every {@link HEARTBEAT_MS}, so that the stream does not look dead. */
  clock?: Clock;
}

/**
 * A streamed reply of one JSON object a line (docs/behaviour: api-native §1.3). A failure before the first line or heartbeat is thrown here; a
 * later one becomes a last line `{"error": …}`.
 */
export const ndjsonReply = (
  source: StreamSource<object>,
  { clock, ...options }: NdjsonOptions,
): Promise<Response> => {
  const heartbeat = clock && { bytes: WAITING, everyMs: HEARTBEAT_MS, clock };
  return streamReply(source, { ...NDJSON, ...defined({ heartbeat }) }, options);
};
