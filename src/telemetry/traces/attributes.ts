import type { Attributes } from "@opentelemetry/api";
import type { WorkKind } from "../../engine/port.ts";
import { defined } from "../../lib/defined.ts";
import type { ModelWork } from "../model-work.ts";
import { hasFailed, type RequestRecord } from "../request-record.ts";

/** `gen_ai.operation.name` (OpenTelemetry's conventions for generative AI), our own words where it has none. */
const OPERATIONS: Record<WorkKind, string> = {
  chat: "chat",
  completion: "text_completion",
  embed: "embeddings",
  rerank: "rerank",
  decide: "decide",
  tokens: "tokenize",
  load: "load",
};

export const operationOf = ({ kind }: ModelWork): string => OPERATIONS[kind] ?? kind;

/** Attributes of a request's span, by OpenTelemetry's conventions for HTTP. */
export function requestAttributes(record: RequestRecord): Attributes {
  return {
    "http.request.method": record.method,
    "url.path": record.path,
    "http.response.status_code": record.status,
    "client.address": record.address,
    "llamero.request.id": record.id,
    ...defined({ "http.route": record.route, "llamero.key.id": record.key }),
    ...(hasFailed(record) && { "error.type": failureKind(record) }),
  };
}

/** The text of a request's failure. */
export const failureText = ({ end, failure, status }: RequestRecord): string =>
  end !== "complete" && end !== "cancelled" ? end.message : (failure?.message ?? `status ${status}`);

const failureKind = ({ end, failure, status }: RequestRecord): string =>
  end !== "complete" && end !== "cancelled" ? end.kind : (failure?.kind ?? String(status));

/** Attributes of the span of a model's work, by the conventions for generative AI. Texts are included only where they were captured. */
export function workAttributes(work: ModelWork): Attributes {
  const sources = work.cached.map(({ source }) => source);
  return {
    "gen_ai.operation.name": operationOf(work),
    "gen_ai.provider.name": "llamero",
    "gen_ai.request.model": work.model,
    "gen_ai.response.model": work.model,
    "gen_ai.usage.input_tokens": work.promptTokens,
    "gen_ai.usage.output_tokens": work.generatedTokens,
    "gen_ai.usage.cache_read.input_tokens": work.cachedTokens,
    ...(sources.length > 0 && { "llamero.cache.source": sources }),
    ...(work.contents.length > 0 && {
      "gen_ai.input.messages": messages("user", work.contents[0]!.prompt),
      "gen_ai.output.messages": messages("assistant", ...work.contents.map(({ answer }) => answer)),
    }),
  };
}

const messages = (role: string, ...texts: string[]): string =>
  JSON.stringify(texts.map((content) => ({ role, parts: [{ type: "text", content }] })));
