import { cellsIn, tokensIn } from "../engine/pieces.ts";
import type { EngineEvent, GenerateTask, Lease, Requester } from "../engine/port.ts";
import { saltOf } from "../engine/salt.ts";
import type { GenerateEvent, Usage } from "../intent/generate.ts";
import { defined } from "../lib/defined.ts";
import { checkTokens } from "./limits.ts";
import type { Plan } from "./plan.ts";
import type { Prompt } from "./prompt.ts";
import { AnswerEvents } from "./read-answer.ts";
import { UsedMeter } from "./used-meter.ts";

/** The engine's task for one answer. */
function taskOf(
  plan: Plan,
  prompt: Prompt,
  lease: Lease,
  { caller, batch = false, requestId }: Requester,
): GenerateTask {
  const { intent, sampling, shift, output } = plan;
  const { logprobs, logitBias } = intent;
  const biased = logitBias?.map(([token]) => token) ?? [];
  checkTokens(biased, "logit_bias", lease.info);
  return {
    prompt: prompt.pieces,
    salt: saltOf(caller),
    ...(batch && { batch }),
    sampling,
    shift: shift && lease.info.canShift,
    ...defined({ requestId, grammar: output.grammar?.(prompt.rendered.text), logprobs, logitBias }),
    ...(output.marks.length > 0 && { preservedTokens: [...output.marks] }),
  };
}

type EngineDone = Extract<EngineEvent, { type: "done" }>;

/** How many tokens were thought; the engine counts the answer as a whole. */
async function thinkingTokens(thought: string, lease: Lease): Promise<{ thinkingTokens?: number }> {
  if (thought === "") return {};
  const tokens = await lease.tokenize(thought, { addSpecial: false, parseSpecial: true });
  return { thinkingTokens: tokens.length };
}

function doneEvent(
  { reason, result }: EngineDone,
  thought: { thinkingTokens?: number },
  plan: Plan,
  prompt: Prompt,
  times: Times,
): GenerateEvent {
  const { input } = plan.intent;
  const keepsContext = input.type === "completion" && !input.raw;
  return {
    type: "done",
    reason,
    usage: times.diagnosed({
      totalDuration: times.elapsed(),
      loadDuration: times.load,
      promptTokens: result.promptTokens,
      cachedTokens: result.cachedTokens,
      promptDuration: result.promptDuration,
      generatedTokens: result.generatedTokens,
      ...thought,
      generateDuration: result.generateDuration,
      ...defined({ cache: result.cache, speculation: result.speculation }),
    }),
    ...defined({ stopString: result.stopString }),
    ...(keepsContext && { context: [...tokensIn(prompt.pieces), ...result.tokens] }),
  };
}

interface Times {
  /** Nanoseconds spent waiting for the model. */
  load: number;
  /** Nanoseconds since the request was taken up. */
  elapsed(): number;
  /** Adds to the counts what the request wants to know of the cache. */
  diagnosed(usage: Usage): Usage;
}

/** For whom an answer is generated, and who is told of it. */
export interface Audience {
  requester: Requester;
  times: Times;
  /** Called with what was wrong with the answer, besides the event that says so. */
  warn(warning: string): void;
}

/** The engine's events of one answer in the inner language. Every piece of text passes here, and only here. */
export function generate(
  plan: Plan,
  prompt: Prompt,
  lease: Lease,
  audience: Audience,
): AsyncGenerator<GenerateEvent> {
  const { input } = plan.intent;
  const events = allEvents(plan, prompt, lease, audience);
  return input.type === "chat" && input.severalCalls === false ? firstCallOnly(events) : events;
}

async function* allEvents(
  plan: Plan,
  prompt: Prompt,
  lease: Lease,
  { requester, times, warn }: Audience,
): AsyncGenerator<GenerateEvent> {
  const read = plan.output.reader(prompt.rendered.text);
  const reader = read && new AnswerEvents(read);
  // Where all of an answer is text nothing stands between the engine and the dialect: each layer costs every token its promises.
  const task = taskOf(plan, prompt, lease, requester);
  const shown = { text: prompt.rendered.text, tokens: cellsIn(prompt.pieces) };
  using meter = new UsedMeter(requester, plan.model.shortName, shown, times.elapsed);
  for await (const event of lease.generate(task, requester.signal)) {
    meter.note(event);
    if (event.type === "text" && reader === undefined) yield event;
    else if (event.type === "text") yield* warned(reader?.push(event) ?? [], warn);
    else {
      yield* warned(reader?.end() ?? [], warn);
      yield doneEvent(event, await thinkingTokens(reader?.thought ?? "", lease), plan, prompt, times);
    }
  }
}

function* warned(
  events: readonly GenerateEvent[],
  warn: (warning: string) => void,
): Generator<GenerateEvent> {
  for (const event of events) {
    if (event.type === "text" && event.warning !== undefined) warn(event.warning);
    yield event;
  }
}

/** An answer without the calls after its first one. No grammar keeps an answer that may be text to one call. */
async function* firstCallOnly(events: AsyncIterable<GenerateEvent>): AsyncGenerator<GenerateEvent> {
  let called = false;
  for await (const event of events) {
    if (event.type !== "tool_call" || !called) yield event;
    called ||= event.type === "tool_call";
  }
}
