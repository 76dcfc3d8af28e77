import type { Lease, Requester } from "../../engine/port.ts";
import { saltOf } from "../../engine/salt.ts";
import type { DecideIntent, DecideResult, Weighed, WeighedQuestion } from "../../intent/decide.ts";
import { badRequest } from "../../lib/errors.ts";
import { acquireFor, loadSpecOf } from "../acquire.ts";
import type { InferenceDeps } from "../deps.ts";
import { checkTextLength } from "../limits.ts";
import { type Plan, planSeeing } from "../plan.ts";
import { resolveModel } from "../resolve-model.ts";
import { usedFor } from "../used-for.ts";
import type { Baselines } from "./baselines.ts";
import { likeliest, probabilitiesOf } from "./probabilities.ts";
import {
  checkRoom,
  type DecisionPrompt,
  decisionConversation,
  decisionPrompt,
  questionTokens,
} from "./prompts.ts";
import { CONTENT_FREE, contentFree, questionText } from "./question-text.ts";

/** Random bytes in the mark of the place where questions go. */
const NONCE_BYTES = 16;

/**
 * Decisions have prompts of their own in the cache: their numbers are the same to the last bit only when nothing else has computed
 * a part of them.
 */
const saltFor = (requester: Requester): string => `${saltOf(requester.caller)}decide`;

/** The weights of each question's answers behind an input and a question that say nothing, from memory where they are known. */
async function baselineOf(
  intent: DecideIntent,
  { rest }: DecisionPrompt,
  { plan, lease, mark, baselines, deps, requester }: Decider,
): Promise<number[][]> {
  const salt = saltFor(requester);
  const questions = await questionTokens(intent.questions.map(contentFree), rest, lease);
  return baselines.take(loadSpecOf(plan.model, plan.load), questions, salt, async (unknown) => {
    const empty = await planSeeing(
      decisionConversation(intent, { content: CONTENT_FREE }, mark),
      plan.model,
      deps,
    );
    const { pieces, rest: emptyRest } = await decisionPrompt(empty, lease, mark, deps, requester);
    if (emptyRest !== rest) throw badRequest("the model's template changes with the text of a message");
    const task = { prompt: pieces, questions: unknown, salt };
    return (await lease.decide(task, requester.signal)).logprobs;
  });
}

/** The parts that one decision is made with. */
interface Decider {
  plan: Plan;
  lease: Lease;
  /** Stands where questions go. */
  mark: string;
  baselines: Baselines;
  deps: InferenceDeps;
  requester: Requester;
}

interface Answers {
  probabilities: number[][];
  questions: WeighedQuestion[];
  weighed: Weighed;
}

async function weigh(intent: DecideIntent, decider: Decider): Promise<Answers> {
  const { plan, lease, mark, deps, requester } = decider;
  const prompt = await decisionPrompt(plan, lease, mark, deps, requester);
  const questions = await questionTokens(intent.questions, prompt.rest, lease);
  checkRoom(prompt.pieces, questions, lease.info.contextLength);
  // First, so that the slot holds the input when the next questions about it come.
  const baseline = await baselineOf(intent, prompt, decider);
  const weighed = await lease.decide(
    { prompt: prompt.pieces, questions, salt: saltFor(requester) },
    requester.signal,
  );
  const probabilities = weighed.logprobs.map((logprobs, at) => probabilitiesOf(logprobs, baseline[at]!));
  return { probabilities, questions, weighed };
}

/**
 * Answers questions about one input with probabilities (docs/decisions.md): the input is evaluated once, and each question from there.
 *
 * @param requester its signal fires when the client leaves.
 * @throws AppError; any failure fails the whole request.
 */
export async function answerDecide(
  intent: DecideIntent,
  baselines: Baselines,
  deps: InferenceDeps,
  requester: Requester,
): Promise<DecideResult> {
  const start = deps.clock.nanos();
  const model = resolveModel(intent.model, deps.catalog);
  if (!model.capabilities.includes("completion"))
    throw badRequest(`"${intent.model}" does not support decisions: they take a model that chats`);
  for (const question of intent.questions) checkTextLength(questionText(question), "a question");
  requester.works?.("decide", model.shortName);
  const mark = crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).toHex();
  const plan = await planSeeing(decisionConversation(intent, intent.input, mark), model, deps);
  await using lease = await acquireFor(plan, deps, requester);
  const { probabilities, questions, weighed } = await weigh(intent, {
    plan,
    lease,
    mark,
    baselines,
    deps,
    requester,
  });
  const answers = questions.map(({ options }, at) => options[likeliest(probabilities[at]!)]!);
  const answerTokens = answers.reduce((sum, { length }) => sum + length, 0);
  const promptTokens = questions.reduce((sum, { tokens }) => sum + tokens.length, weighed.promptTokens);
  const { cachedTokens } = weighed;
  requester.used?.({ ...usedFor(model, promptTokens, lease), cachedTokens, generatedTokens: answerTokens });
  return {
    probabilities,
    promptTokens,
    cachedTokens,
    writtenTokens: weighed.promptTokens - cachedTokens,
    answerTokens,
    totalDuration: deps.clock.nanos() - start,
    loadDuration: lease.loadDuration,
    notices: plan.notices,
  };
}
