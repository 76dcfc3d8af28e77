import { encodeGoJson } from "../../lib/go-json.ts";
import { type StreamFormat, type StreamOptions, type StreamSource, streamReply } from "./stream-reply.ts";

const encoder = new TextEncoder();

const NDJSON: StreamFormat<object> = {
  contentType: "application/x-ndjson",
  encode: (value) => encoder.encode(`${encodeGoJson(value)}\n`),
  failure: ({ message }) => ({ error: message }),
};

/**
 * A streamed reply of one JSON object a line (spec: api-native §1.3). A failure before the first line is thrown here; a later one
 * becomes a last line `{"error": …}`.
 */
export const ndjsonReply = (source: StreamSource<object>, options: StreamOptions): Promise<Response> =>
  streamReply(source, NDJSON, options);
