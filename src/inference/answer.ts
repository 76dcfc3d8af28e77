import type { Requester, WorkKind } from "../engine/port.ts";
import type {
  DoneReason,
  GenerateEvent,
  GenerateIntent,
  Notice,
  RenderedPrompt,
  Usage,
} from "../intent/generate.ts";
import { isEmpty } from "../intent/is-empty.ts";
import { defined } from "../lib/defined.ts";
import { acquireFor } from "./acquire.ts";
import type { InferenceDeps } from "./deps.ts";
import { promptDiagnosis } from "./diagnosis/index.ts";
import { generate } from "./generate.ts";
import { planSeeing } from "./plan.ts";
import { preparePrompt } from "./prompt.ts";
import { resolveModel } from "./resolve-model.ts";

/** An answer under way. It holds a slot of the model until it is disposed. */
export interface Answer extends AsyncDisposable {
  /** Known before the first event, so that they can go into the reply's headers. */
  readonly notices: readonly Notice[];
  /** The prompt that the model was given; undefined when it was given none. */
  readonly prompt?: RenderedPrompt;
  /** Nothing is generated: `events` is one `done`. */
  readonly immediate: boolean;
  /** To be iterated once. A failure is thrown as AppError. */
  readonly events: AsyncIterable<GenerateEvent>;
}

const NO_USAGE: Usage = {
  totalDuration: 0,
  loadDuration: 0,
  promptTokens: 0,
  cachedTokens: 0,
  promptDuration: 0,
  generatedTokens: 0,
  generateDuration: 0,
};

async function* single(event: GenerateEvent): AsyncGenerator<GenerateEvent> {
  yield event;
}

/** The answer to a request that generates nothing. */
const immediateAnswer = (
  reason: DoneReason,
  notices: readonly Notice[] = [],
  rendered?: RenderedPrompt,
): Answer => ({
  notices,
  immediate: true,
  events: single({ type: "done", reason, usage: NO_USAGE, ...defined({ rendered }) }),
  async [Symbol.asyncDispose]() {},
});

function workOf(intent: GenerateIntent): WorkKind {
  if (isEmpty(intent)) return "load";
  return intent.input.type === "chat" ? "chat" : "completion";
}

/**
 * Answers a request of any dialect: plan → acquire → prompt → generate. A request without a prompt loads the model, or with a
 * keep-alive of 0 marks it to be unloaded once idle.
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
  requester.works?.(workOf(intent), model.shortName);
  if (isEmpty(intent) && intent.keepAlive === 0) {
    deps.engine.unload(model.weights.digest);
    return immediateAnswer("unload");
  }
  const plan = await planSeeing(intent, model, deps);
  await using resources = new AsyncDisposableStack();
  const lease = resources.use(await acquireFor(plan, deps, requester));
  if (isEmpty(intent)) return immediateAnswer("load");
  const prompt = await preparePrompt(plan, lease, deps, requester);
  const notices = [...plan.notices, ...prompt.notices];
  deps.logger.trace("prompt", {
    id: requester.requestId,
    model: model.shortName,
    text: prompt.rendered.text,
  });
  if (intent.debugRenderOnly) return immediateAnswer("stop", notices, prompt.rendered);
  const times = {
    load: lease.loadDuration,
    elapsed: () => deps.clock.nanos() - started,
    diagnosed: promptDiagnosis(plan, lease.info, deps, requester),
  };
  const warn = (warning: string) => deps.logger.warn(warning, { model: model.shortName });
  const events = generate(plan, prompt, lease, { requester, times, warn });
  const owned = resources.move();
  return {
    notices,
    prompt: prompt.rendered,
    immediate: false,
    events,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
