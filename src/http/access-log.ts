import { formatDuration } from "../lib/duration.ts";
import type { LogFields, Logger } from "../lib/logger.ts";
import type { RequestObserver, RequestRecord } from "../telemetry/request-record.ts";

/** What the end of a stream adds to its line: its status was sent before anyone knew. */
function endFields({ end }: RequestRecord): LogFields {
  if (end === "complete") return {};
  return end === "cancelled" ? { cancelled: true } : { error: end.message };
}

/** One line a request: Ollama's fields in the log's own form. */
export const accessLog =
  (logger: Logger): RequestObserver =>
  (record) =>
    logger.info("request", {
      status: record.status,
      duration: formatDuration(record.duration),
      client: record.address,
      ...(record.keyName !== undefined && { key: record.keyName }),
      method: record.method,
      path: record.path,
      ...endFields(record),
    });
