import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { endsWithin } from "../../lib/within.ts";
import type { RequestObserver, RequestRecord } from "../request-record.ts";
import type { SpanWriter } from "./span-writer.ts";

export interface TraceOptions {
  /** Base URL of a collector that speaks OTLP over HTTP; "" for none. */
  endpoint: string;
  serviceName: string;
  version: string;
  logger: Logger;
  clock: Clock;
}

/** How long the end of the server waits for a collector. */
const SHUTDOWN_MS = 2000;

/** Sends a trace of every request to a collector. Disposing it sends what has not been sent. */
export interface Traces extends AsyncDisposable {
  record: RequestObserver;
}

const NONE: Traces = { record() {}, async [Symbol.asyncDispose]() {} };

/**
 * OpenTelemetry's own packages make and send the spans; they are loaded where there is somebody to send them to. A collector that does
 * not answer costs the traces and nothing else.
 */
export async function openTraces(options: TraceOptions): Promise<Traces> {
  if (options.endpoint === "") return NONE;
  const { openSpanWriter } = await import("./span-writer.ts");
  const writer: SpanWriter = openSpanWriter(options);
  return {
    record: (record: RequestRecord) => writer.write(record),
    async [Symbol.asyncDispose]() {
      try {
        await endsWithin(options.clock, SHUTDOWN_MS, writer.close());
      } catch (error) {
        options.logger.warn("the last traces could not be sent", { error: AppError.from(error).message });
      }
    },
  };
}
