import type { EngineEvent, GenerateTask, Lease } from "../../engine/port.ts";
import type { GenerateEvent } from "../../intent/generate.ts";
import type { Logger } from "../../lib/logger.ts";
import { answerReader } from "../../prompt/answer/answer-reader.ts";
import { marksOf } from "../../prompt/answer/answer-style.ts";
import { checkTokens } from "./check-tokens.ts";
import type { Plan } from "./plan.ts";
import type { Prompt } from "./prompt.ts";
import { AnswerEvents } from "./read-answer.ts";

/** The tools that the prompt shows. */
const shownTools = ({ intent: { input } }: Plan) => (input.type === "chat" ? input.tools : []);

const isThinking = ({ think }: Plan): boolean => think !== undefined && think !== false;

/** What the engine is asked to do for one answer. */
function taskOf(plan: Plan, prompt: Prompt, lease: Lease): GenerateTask {
  const { intent, sampling, shift, grammar, style } = plan;
  const biased = intent.logitBias?.map(([token]) => token) ?? [];
  checkTokens(biased, "logit_bias", lease.info);
  const marks = marksOf(style, { tools: shownTools(plan).length > 0, thinking: isThinking(plan) });
  return {
    tokens: prompt.tokens,
    sampling,
    shift: shift && lease.info.canShift,
    ...(grammar && { grammar: grammar.gbnf(prompt.rendered.text) }),
    ...(intent.logprobs !== undefined && { logprobs: intent.logprobs }),
    ...(intent.logitBias !== undefined && { logitBias: intent.logitBias }),
    ...(marks.length > 0 && { preservedTokens: marks }),
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

/** Reads the text of an answer for what it is; undefined when all of it is text. */
function eventsOf(plan: Plan, prompt: Prompt): AnswerEvents | undefined {
  const reader = answerReader(plan.style, {
    tools: shownTools(plan),
    thinking: isThinking(plan),
    prompt: prompt.rendered.text,
  });
  return reader && new AnswerEvents(reader);
}

/** The engine's events of one answer in the inner language. Every piece of text passes here, and only here. */
export async function* generate(
  plan: Plan,
  prompt: Prompt,
  lease: Lease,
  times: Times,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  const events = eventsOf(plan, prompt);
  for await (const event of lease.generate(taskOf(plan, prompt, lease), signal)) {
    if (event.type === "done") {
      if (events !== undefined) yield* events.end();
      yield doneEvent(event, plan, prompt, times);
    } else if (events === undefined) yield event;
    else yield* events.push(event);
  }
}

/** Passes events on and logs the warnings among them. */
export async function* logWarnings(
  events: AsyncIterable<GenerateEvent>,
  model: string,
  logger: Logger,
): AsyncGenerator<GenerateEvent> {
  for await (const event of events) {
    if (event.type === "text" && event.warning !== undefined) logger.warn(event.warning, { model });
    yield event;
  }
}
