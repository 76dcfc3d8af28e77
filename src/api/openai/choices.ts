import type { Requester } from "../../engine/port.ts";
import type { Answer } from "../../inference/answer.ts";
import type { InferenceDeps } from "../../inference/deps.ts";
import { startAnswer } from "../../inference/on-demand.ts";
import type { GenerateEvent, GenerateIntent } from "../../intent/generate.ts";
import { mergeIterables } from "../../lib/merge-iterables.ts";
import { abortedWith } from "../wire/stream-reply.ts";

/** An event of one of the answers to a request: its beginning, then the events of the answer. */
export interface ChoiceEvent {
  /** Which answer, from 0. */
  index: number;
  event: GenerateEvent | { type: "begin"; answer: Answer };
}

/** The intents of `answers` answers to each prompt, those to the first prompt first. */
export const choicesOf = (intents: readonly GenerateIntent[], answers: number): GenerateIntent[] =>
  intents.flatMap((intent) => Array.from({ length: answers }, (_, choice) => ({ ...intent, choice })));

async function* answerOne(
  intent: GenerateIntent,
  index: number,
  deps: InferenceDeps,
  requester: Requester,
): AsyncGenerator<ChoiceEvent, void, undefined> {
  await using answer = await startAnswer(intent, deps, requester);
  yield { index, event: { type: "begin", answer } };
  for await (const event of answer.events) yield { index, event };
}

/**
 * Answers all intents, as many at a time as there are slots; the engine evaluates the common part of their prompts once. Each answer has
 * its slot only while it is under way, so that one slot serves several in turn. A failure of one ends all.
 */
export async function* answerAll(
  intents: readonly GenerateIntent[],
  deps: InferenceDeps,
  requester: Requester,
): AsyncGenerator<ChoiceEvent, void, undefined> {
  const [only, ...others] = intents;
  // Merging costs every token its promises, and most requests want one answer.
  if (only !== undefined && others.length === 0) return yield* answerOne(only, 0, deps, requester);
  const abort = abortedWith(requester.signal);
  const each = { ...requester, signal: abort.signal };
  const answers = intents.map((intent, index) => answerOne(intent, index, deps, each));
  yield* mergeIterables(answers, () => abort.abort());
}
