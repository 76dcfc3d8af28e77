import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Logger } from "../../lib/logger.ts";
import type { ModelWork } from "../model-work.ts";
import { hasFailed, type RequestRecord } from "../request-record.ts";
import { failureText, operationOf, requestAttributes, workAttributes } from "./attributes.ts";
import { ToldExporter } from "./told-exporter.ts";

export interface SpanWriter {
  write(record: RequestRecord): void;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

interface SpanWriterOptions {
  /** Base URL of the collector. */
  endpoint: string;
  serviceName: string;
  version: string;
  logger: Logger;
}

/** Spans in batches to a collector. */
export function openSpanWriter({ endpoint, serviceName, version, logger }: SpanWriterOptions): SpanWriter {
  const exporter = new ToldExporter(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), logger);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.version": version }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("llamero", version);
  return {
    write: (record) => writeRequest(tracer, record),
    close: () => provider.shutdown(),
  };
}

/** A span for the request, and in it one for what the model did. */
function writeRequest(tracer: Tracer, record: RequestRecord): void {
  const { startedAt, duration, method, route, work } = record;
  const span = tracer.startSpan(
    route === undefined ? method : `${method} ${route}`,
    { kind: SpanKind.SERVER, startTime: startedAt, attributes: requestAttributes(record) },
    parentOf(record),
  );
  if (hasFailed(record)) span.setStatus({ code: SpanStatusCode.ERROR, message: failureText(record) });
  const end = startedAt + duration / 1e6;
  if (work !== undefined) writeWork(tracer, work, trace.setSpan(ROOT_CONTEXT, span), startedAt, end);
  span.end(end);
}

function writeWork(tracer: Tracer, work: ModelWork, parent: Context, start: number, end: number): void {
  const attributes = workAttributes(work);
  const span = tracer.startSpan(
    `${operationOf(work)} ${work.model}`,
    { startTime: start, attributes },
    parent,
  );
  if (work.firstText !== undefined) span.addEvent("first token", start + work.firstText / 1e6);
  span.end(end);
}

/** Version (ff is none), trace, parent and flags of a `traceparent` (W3C Trace Context §3.2). */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The client's span as the parent, where the request names one. If the client does not sample it, the span is not sent. */
function parentOf({ traceparent = "" }: RequestRecord): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
