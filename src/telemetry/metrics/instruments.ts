import { Counter, Histogram, type Registry } from "prom-client";
import { ERROR_KINDS } from "../../lib/errors.ts";
import type { ModelWork } from "../model-work.ts";
import { hasFailed, type RequestRecord } from "../request-record.ts";
import type { BoundedLabel } from "./bounded-label.ts";

/** Buckets in seconds. Loading and queueing count, so they reach far. */
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Counters and histograms that are fed with each request when it has ended. */
export function requestInstruments(
  register: Registry,
  models: BoundedLabel,
): (record: RequestRecord) => void {
  const registers = [register];
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `llamero_${name}`, help, labelNames, registers });
  const seconds = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Histogram({ name: `llamero_${name}_seconds`, help, labelNames, buckets: SECONDS, registers });

  const requests = counter("requests_total", "Requests that have ended.", "method", "route", "status");
  const errors = counter("errors_total", "Requests that failed or were refused, by kind.", "kind");
  // A rate needs two values: without the first, an error that occurs once would never be seen.
  for (const kind of ERROR_KINDS) errors.inc({ kind }, 0);
  const duration = seconds("request_duration", "From a request to the end of its reply.", "route");
  const firstToken = seconds(
    "time_to_first_token",
    "To the first text, loading and queueing included.",
    "model",
  );
  const prompt = counter("prompt_tokens_total", "Tokens of prompts, cached ones included.", "model");
  const cached = counter("cached_tokens_total", "Prompt tokens that needed no evaluation.", "model", "tier");
  const hits = counter("cache_lookups_total", "Prompts by where their beginning came from.", "model", "tier");
  const output = counter("output_tokens_total", "Tokens that were generated.", "model");
  const work = counter("model_requests_total", "Requests that put a model to work.", "model", "kind");
  const steps = counter("batch_steps_total", "Batches that were evaluated.", "model");
  const batchTokens = counter("batch_tokens_total", "Tokens in them.", "model");
  const capacity = counter("batch_capacity_tokens_total", "Tokens that they had room for.", "model");

  function countWork(done: ModelWork): void {
    const model = models.of(done.model);
    work.inc({ model, kind: done.kind });
    prompt.inc({ model }, done.promptTokens);
    output.inc({ model }, done.generatedTokens);
    if (done.firstText !== undefined) firstToken.observe({ model }, done.firstText / 1e9);
    for (const { source: tier, tokens } of done.cached) {
      hits.inc({ model, tier });
      cached.inc({ model, tier }, tokens);
    }
    for (const batch of done.batches) {
      steps.inc({ model }, batch.steps);
      batchTokens.inc({ model }, batch.tokens);
      capacity.inc({ model }, batch.capacity);
    }
  }

  return (record) => {
    const { status, work: done } = record;
    const route = record.route ?? "none";
    requests.inc({ method: methodOf(record), route, status });
    duration.observe({ route }, record.duration / 1e9);
    if (hasFailed(record)) errors.inc({ kind: kindOf(record) });
    if (done !== undefined) countWork(done);
  };
}

/** The failure's kind (`lib/errors.ts`). */
function kindOf({ end, failure, status }: RequestRecord): string {
  if (end !== "complete" && end !== "cancelled") return end.kind;
  return failure?.kind ?? String(status);
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Clients may invent methods: unknown ones count as `other`. */
const methodOf = ({ method }: RequestRecord): string => (METHODS.includes(method) ? method : "other");
