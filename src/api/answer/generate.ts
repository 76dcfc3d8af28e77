import type { EngineEvent, GenerateTask, Lease } from "../../engine/port.ts";
import type { GenerateEvent } from "../../intent/generate.ts";
import type { Plan } from "./plan.ts";
import type { Prompt } from "./prompt.ts";

/** What the engine is asked to do for one answer. */
function taskOf({ intent, sampling, shift, grammar }: Plan, prompt: Prompt, lease: Lease): GenerateTask {
  return {
    tokens: prompt.tokens,
    sampling,
    shift: shift && lease.info.canShift,
    ...(grammar !== undefined && { grammar }),
    ...(intent.logprobs !== undefined && { logprobs: intent.logprobs }),
  };
}

type EngineDone = Extract<EngineEvent, { type: "done" }>;

function doneEvent({ reason, result }: EngineDone, plan: Plan, prompt: Prompt, times: Times): GenerateEvent {
  const { input } = plan.intent;
  const keepsContext = input.type === "completion" && !input.raw;
  return {
    type: "done",
    reason,
    usage: {
      totalDuration: times.elapsed(),
      loadDuration: times.load,
      promptTokens: result.promptTokens,
      cachedTokens: result.cachedTokens,
      promptDuration: result.promptDuration,
      generatedTokens: result.generatedTokens,
      generateDuration: result.generateDuration,
    },
    ...(keepsContext && { context: [...prompt.tokens, ...result.tokens] }),
  };
}

export interface Times {
  /** Nanoseconds spent waiting for the model. */
  load: number;
  /** Nanoseconds since the request was taken up. */
  elapsed(): number;
}

/** The engine's events of one answer in the inner language. Every piece of text passes here, and only here. */
export async function* generate(
  plan: Plan,
  prompt: Prompt,
  lease: Lease,
  times: Times,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  for await (const event of lease.generate(taskOf(plan, prompt, lease), signal)) {
    yield event.type === "text" ? event : doneEvent(event, plan, prompt, times);
  }
}
