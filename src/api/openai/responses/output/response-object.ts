import type { Usage } from "../../../../intent/generate.ts";
import { unixSeconds } from "../../frame.ts";
import { appliedOptions } from "../cache-diagnostics.ts";
import type { ResponseRequest } from "../schema/request.ts";
import type { ResponseObject, ResponseUsage } from "../schema/response.ts";

/** The fields that a response has from its beginning. */
export type ResponseHead = Omit<
  ResponseObject,
  | "status"
  | "output"
  | "usage"
  | "prompt_cache_diagnostics"
  | "completed_at"
  | "incomplete_details"
  | "error"
  | "warnings"
>;

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

/**
 * The fields that a response has from its beginning, most of them repeated from the request.
 *
 * @param now milliseconds since the epoch.
 */
export function responseHead(
  id: string,
  body: ResponseRequest,
  metadata: Record<string, string>,
  now: number,
): ResponseHead {
  const { reasoning = {}, text = {} } = body;
  return {
    id,
    object: "response",
    created_at: unixSeconds(now),
    model: body.model ?? "",
    previous_response_id: body.previous_response_id ?? null,
    instructions: body.instructions ?? null,
    tools: (body.tools ?? []).map(record),
    tool_choice: body.tool_choice ?? "auto",
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    temperature: body.temperature ?? null,
    top_p: body.top_p ?? null,
    top_logprobs: typeof body.top_logprobs === "number" ? body.top_logprobs : 0,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    reasoning: {
      effort: typeof reasoning.effort === "string" ? reasoning.effort : null,
      summary: reasoning.summary ?? reasoning.generate_summary ?? null,
    },
    text: {
      format: text.format === undefined ? { type: "text" } : record(text.format),
      verbosity: "medium",
    },
    truncation: body.truncation ?? "disabled",
    store: body.store ?? true,
    background: false,
    service_tier: "default",
    metadata,
    user: body.user ?? null,
    safety_identifier: body.safety_identifier ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    ...appliedOptions(body),
  };
}

/** Token counts as a response has them. */
export const responseUsage = (usage: Usage): ResponseUsage => ({
  input_tokens: usage.promptTokens,
  input_tokens_details: { cached_tokens: usage.cachedTokens },
  output_tokens: usage.generatedTokens,
  output_tokens_details: { reasoning_tokens: usage.thinkingTokens ?? 0 },
  total_tokens: usage.promptTokens + usage.generatedTokens,
});
