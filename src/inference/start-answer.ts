import type { Requester } from "../engine/port.ts";
import type { GenerateIntent } from "../intent/generate.ts";
import { acquireFor } from "./acquire.ts";
import { type Answer, immediateAnswer } from "./answer.ts";
import type { InferenceDeps } from "./deps.ts";
import { firstCallOnly } from "./first-call-only.ts";
import { generate } from "./generate.ts";
import { isEmpty, type Plan, planAnswer } from "./plan.ts";
import { preparePrompt } from "./prompt.ts";
import { resolveModel } from "./resolve-model.ts";

/**
 * Starts the answer to a request of any dialect: finds the model, loads it, waits for a slot, renders and tokenises the prompt.
 * A request without a prompt loads the model, or with a keep-alive of 0 marks it to be unloaded once idle.
 *
 * @param requester its signal cancels whatever is under way, the generation included.
 * @returns an answer that the caller disposes, however far it got.
 * @throws AppError for whatever goes wrong before there is anything to answer with.
 */
export async function startAnswer(
  intent: GenerateIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<Answer> {
  const started = deps.clock.nanos();
  const model = resolveModel(intent.model, deps.catalog);
  if (isEmpty(intent) && intent.keepAlive === 0) {
    deps.engine.unload(model.weights.digest);
    return immediateAnswer("unload");
  }
  return runPlan(planAnswer(intent, model), started, deps, requester);
}

async function runPlan(
  plan: Plan,
  started: number,
  deps: InferenceDeps,
  requester: Requester,
): Promise<Answer> {
  const { intent, model } = plan;
  await using resources = new AsyncDisposableStack();
  const lease = resources.use(await acquireFor(plan, deps, requester));
  if (isEmpty(intent)) return immediateAnswer("load");
  const prompt = await preparePrompt(plan, lease, deps.clock);
  const notices = [...plan.notices, ...prompt.notices];
  if (intent.debugRenderOnly) return immediateAnswer("stop", notices, prompt.rendered);
  const times = { load: lease.loadDuration, elapsed: () => deps.clock.nanos() - started };
  const warn = (warning: string) => deps.logger.warn(warning, { model: model.shortName });
  const all = generate(plan, prompt, lease, times, requester.signal, warn);
  const oneCall = intent.input.type === "chat" && intent.input.severalCalls === false;
  const owned = resources.move();
  return {
    notices,
    prompt: prompt.rendered,
    immediate: false,
    events: oneCall ? firstCallOnly(all) : all,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
