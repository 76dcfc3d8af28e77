import type { GenerateEvent } from "../../intent/generate.ts";
import type { AnthropicStopReason } from "./schema/reply.ts";

type Done = Extract<GenerateEvent, { type: "done" }>;

/** The limits that a request sets for its answer. */
export interface AnswerLimits {
  maxTokens: number;
  /** Stop sequences of the request; the model's PARAMETERs may have others. */
  stopSequences: readonly string[];
}

export interface Stop {
  stop_reason: AnthropicStopReason;
  stop_sequence: string | null;
}

/**
 * Why an answer ended (docs/behaviour: api-openai §9.3). A stop string of the model's PARAMETERs is the model's own way to end its turn.
 *
 * @param called did the answer have a tool call?
 */
export function stopOf({ reason, stopString, usage }: Done, limits: AnswerLimits, called: boolean): Stop {
  if (called) return { stop_reason: "tool_use", stop_sequence: null };
  if (stopString !== undefined && limits.stopSequences.includes(stopString)) {
    return { stop_reason: "stop_sequence", stop_sequence: stopString };
  }
  if (reason !== "length") return { stop_reason: "end_turn", stop_sequence: null };
  const full = usage.generatedTokens < limits.maxTokens;
  return { stop_reason: full ? "model_context_window_exceeded" : "max_tokens", stop_sequence: null };
}
