import type { LoadOptions } from "../engine/port.ts";
import type { GenerateIntent, Notice, Think } from "../intent/generate.ts";
import { isEmpty } from "../intent/is-empty.ts";
import type { SamplingOptions } from "../intent/option-table.ts";
import { Budget } from "../lib/budget.ts";
import { defined } from "../lib/defined.ts";
import { badRequest } from "../lib/errors.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { familyOf } from "../models/families.ts";
import { checkToolChoice, type ModelOutput, planOutput } from "../output/model-output.ts";
import { type ModelPrompt, planPrompt } from "../prompt/model-prompt.ts";
import type { Templates } from "../prompt/render.ts";
import type { JobRunner } from "../workers/job-runner.ts";
import { requireCapabilities, requireCompletion } from "./capabilities.ts";
import type { InferenceDeps } from "./deps.ts";
import { contextNotices, defaultOptions, mergeOptions } from "./options.ts";
import { checkPictures, checkUrls, imagesOf } from "./pictures.ts";
import { withoutVolatileHead } from "./volatile-head.ts";

/** The decisions about an answer that are made before its model is loaded. */
export interface Plan {
  intent: GenerateIntent;
  model: ResolvedModel;
  think: Think | undefined;
  load: LoadOptions;
  sampling: SamplingOptions;
  /** May the context shift when it is full, if the engine can? */
  shift: boolean;
  /** How the prompt is written. */
  prompt: ModelPrompt;
  /** How the answer is kept to what is demanded, and read. */
  output: ModelOutput;
  notices: Notice[];
}

function refuseRawConflict({ input }: GenerateIntent): void {
  if (input.type !== "completion" || !input.raw) return;
  if (input.template !== undefined || input.system !== undefined || input.context !== undefined) {
    throw badRequest("raw mode does not support template, system, or context");
  }
}

/**
 * How a model is told to think (docs/behaviour: api-native §3). A model that can think does so unless it is told not to; harmony models
 * have no level above `high`.
 *
 * @returns undefined for a model that cannot think.
 * @throws AppError `bad_request` when a model that cannot think is told to, without `thinkIfAble`.
 */
function decideThink(
  { think, thinkIfAble = false, model: raw }: Pick<GenerateIntent, "think" | "thinkIfAble" | "model">,
  model: ResolvedModel,
): Think | undefined {
  if (!model.capabilities.includes("thinking")) {
    if (think === undefined || think === false || thinkIfAble) return undefined;
    throw badRequest(`"${raw}" does not support thinking`);
  }
  if (think === "max" && familyOf(model.details.family).harmony) return "high";
  return think ?? true;
}

/**
 * The intent with its tool choice carried out as far as the prompt goes: with `none` no tools are shown.
 *
 * @throws AppError `bad_request` when a call is demanded of a tool that the request does not have.
 */
function withToolChoice(intent: GenerateIntent): GenerateIntent {
  const { input } = intent;
  if (input.type !== "chat" || input.toolChoice === undefined || input.toolChoice === "auto") return intent;
  const { toolChoice } = input;
  if (toolChoice === "none") return { ...intent, input: { ...input, tools: [] } };
  checkToolChoice(toolChoice, input.tools);
  return intent;
}

/** Says which parts of a format the grammar does not enforce. */
const grammarNotices = ({ warnings }: ModelOutput): Notice[] =>
  warnings.map((warning) => ({ code: "ignored_field", message: `format: ${warning}` }));

/**
 * The source that decides how the answer is read: the request's own template, else the model's parser, else the model's templates. With
 * neither the answer is text and nothing else.
 */
function answerSource(
  intent: GenerateIntent,
  { parser, template, chatTemplate, renderer }: ResolvedModel,
): { parser?: string; templates?: Templates } {
  const { input } = intent;
  if (isEmpty(intent)) return {};
  if (input.type === "completion") {
    if (input.raw || input.tokens !== undefined) return {};
    if (input.template) return { templates: { template: input.template } };
  }
  return parser === undefined ? { templates: defined({ template, chatTemplate, renderer }) } : { parser };
}

/** The sampling of one of several answers: the same fixed seed would make them all the same. */
const ofChoice = (sampling: SamplingOptions, choice = 0): SamplingOptions =>
  sampling.seed < 0 ? sampling : { ...sampling, seed: sampling.seed + choice };

/** Says so when a model that was asked to think cannot. */
const unthinkingNotices = (asked: GenerateIntent, decided: Think | undefined): Notice[] =>
  asked.think && decided === undefined
    ? [{ code: "ignored_field", message: "thinking ignored: the model cannot think" }]
    : [];

/** The tools in the prompt, and the calls that the request demands. */
const toolsOf = ({ input }: GenerateIntent) =>
  input.type === "chat"
    ? {
        tools: input.tools,
        last: input.messages.at(-1),
        severalCalls: input.severalCalls ?? true,
        ...defined({ toolChoice: input.toolChoice }),
      }
    : { tools: [], severalCalls: false };

/** How the prompt is written, and how the answer is demanded and read. */
async function planWriting(
  intent: GenerateIntent,
  model: ResolvedModel,
  think: Think | undefined,
  { jobs, budget }: { jobs: JobRunner; budget: Budget },
): Promise<Pick<Plan, "prompt" | "output">> {
  const { parser, templates } = answerSource(intent, model);
  const prompt = await planPrompt(templates, {
    answerFormat: (templates) => jobs.run("answerFormat", templates, budget),
    render: (job) => jobs.run("render", job, budget),
  });
  const source = parser === undefined ? prompt.answerFormat : { parser };
  const output = await planOutput(
    {
      source,
      think,
      ...toolsOf(intent),
      ...defined({ format: intent.format }),
    },
    { grammar: (job) => jobs.run("grammar", job, budget) },
  );
  return { prompt, output };
}

/**
 * Decides all that can be decided from the request and the model's own record. The order of checks is Ollama's
 * (docs/behaviour: api-native §4); a request that only loads the model needs no capability but to complete text.
 *
 * @param budget what answering may cost the server itself, rendering the prompt included.
 * @throws AppError `bad_request`; `internal` for a template that does not parse.
 */
export async function planAnswer(
  request: GenerateIntent,
  model: ResolvedModel,
  jobs: JobRunner,
  budget = new Budget(),
): Promise<Plan> {
  refuseRawConflict(request);
  const think = decideThink(request, model);
  requireCompletion(request, model);
  const empty = isEmpty(request);
  const intent = empty ? request : withToolChoice(request);
  if (!empty) requireCapabilities(intent, model);
  const { prompt, output } = await planWriting(intent, model, think, { jobs, budget });
  const merged = mergeOptions(defaultOptions(model), intent.options);
  return {
    intent,
    model,
    think,
    prompt,
    output,
    load: merged.load,
    sampling: ofChoice(merged.sampling, intent.choice),
    notices: [
      ...grammarNotices(output),
      ...unthinkingNotices(request, think),
      ...contextNotices(merged.load.numCtx, model.trainedContext),
    ],
    shift: intent.shift ?? familyOf(model.details.family).shifts,
  };
}

/**
 * The plan of an answer to a request that may show the model something.
 *
 * @throws AppError `bad_request` for images that no model is shown; else as {@link planAnswer}.
 */
export async function planSeeing(
  request: GenerateIntent,
  model: ResolvedModel,
  { pictures, jobs, stablePrompts }: Pick<InferenceDeps, "pictures" | "jobs" | "stablePrompts">,
): Promise<Plan> {
  const images = isEmpty(request) ? [] : imagesOf(request);
  checkUrls(images, pictures);
  const { intent, notices } = stablePrompts ? stable(request) : { intent: request, notices: [] };
  const plan = await planAnswer(intent, model, jobs);
  checkPictures(images, pictures);
  return { ...plan, notices: [...plan.notices, ...notices] };
}

/** A request without what its agent changes in front of the prompt with every one. */
function stable(request: GenerateIntent): { intent: GenerateIntent; notices: Notice[] } {
  const { input } = request;
  if (input.type !== "chat") return { intent: request, notices: [] };
  const { messages, left } = withoutVolatileHead(input.messages);
  return {
    intent: left.length === 0 ? request : { ...request, input: { ...input, messages } },
    notices: left.map((message) => ({ code: "left_out", message })),
  };
}
