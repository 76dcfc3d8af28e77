import { defined } from "../lib/defined.ts";
import { formatDuration } from "../lib/duration.ts";
import type { LogFields, Logger } from "../lib/logger.ts";
import type { ModelWork } from "../telemetry/model-work.ts";
import type { RequestObserver, RequestRecord } from "../telemetry/request-record.ts";

/** Paths that machines ask for every few seconds; of interest only when such a request fails. */
const POLLED = ["/healthz", "/readyz", "/metrics"];

/** How a request ended, where it failed: a stream's status was sent before anyone knew. */
function endFields({ end, failure, status }: RequestRecord): LogFields {
  if (end === "cancelled") return { cancelled: true };
  if (end !== "complete") return { error: end.message };
  return status >= 400 ? { error: failure?.message } : {};
}

/** To one decimal. */
const perSecond = (tokens: number, nanos: number): number | undefined =>
  nanos > 0 && tokens > 0 ? Math.round((tokens * 1e10) / nanos) / 10 : undefined;

/** The work of a model for it: tokens of the prompt, cached ones among them, generated tokens, and the speeds. */
function workFields(work: ModelWork | undefined): LogFields {
  if (work === undefined) return {};
  const { promptTokens, cachedTokens, generatedTokens, firstText } = work;
  return {
    model: work.model,
    in: promptTokens,
    cached: cachedTokens,
    out: generatedTokens,
    in_per_second: perSecond(promptTokens - cachedTokens, work.promptDuration),
    out_per_second: perSecond(generatedTokens, work.generateDuration),
    first_token: firstText === undefined ? undefined : formatDuration(firstText),
  };
}

/** One line a request: Ollama's fields in the log's own form, then the work of a model. */
export const accessLog =
  (logger: Logger): RequestObserver =>
  (record) => {
    const isPoll = POLLED.includes(record.path) && record.status < 400;
    logger[isPoll ? "debug" : "info"]("request", {
      status: record.status,
      duration: formatDuration(record.duration),
      client: record.address,
      ...defined({ key: record.keyName }),
      method: record.method,
      path: record.path,
      id: record.id,
      ...workFields(record.work),
      ...endFields(record),
    });
  };
