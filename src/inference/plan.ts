import type { LoadOptions } from "../engine/port.ts";
import type { GenerateIntent, Notice, Think } from "../intent/generate.ts";
import type { SamplingOptions } from "../intent/options.ts";
import { badRequest } from "../lib/errors.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { familyOf } from "../models/families.ts";
import { type AnswerStyle, answerStyle, namedStyle, PLAIN_STYLE } from "../output/answer-style.ts";
import {
  type AnswerDemands,
  type AnswerGrammar,
  answerGrammar,
} from "../output/constraint/answer-grammar.ts";
import { DeclaredTools } from "../output/declared-tools.ts";
import { requireCapabilities, requireCompletion } from "./capabilities.ts";
import { decodeOptions } from "./decode-options.ts";
import { mergeOptions } from "./options.ts";
import { checkPictures, checkUrls, imagesOf, type PictureRules } from "./pictures.ts";

/** What has been decided about an answer before its model is loaded. */
export interface Plan {
  intent: GenerateIntent;
  model: ResolvedModel;
  think: Think | undefined;
  load: LoadOptions;
  sampling: SamplingOptions;
  /** May the context shift when it is full, if the engine can? */
  shift: boolean;
  /** How the model writes what it thinks and calls. */
  style: AnswerStyle;
  /** Keeps the answer to the requested format and tool choice. */
  grammar?: AnswerGrammar;
  notices: Notice[];
}

/** Is there nothing to answer? Such a request only loads or unloads the model. */
export const isEmpty = ({ input }: GenerateIntent): boolean =>
  input.type === "chat"
    ? input.messages.length === 0
    : input.prompt === "" && (input.tokens ?? []).length === 0;

function refuseRawConflict({ input }: GenerateIntent): void {
  if (input.type !== "completion" || !input.raw) return;
  if (input.template !== undefined || input.system !== undefined || input.context !== undefined) {
    throw badRequest("raw mode does not support template, system, or context");
  }
}

/**
 * How a model is told to think (spec: api-native §3). A model that can think does so unless it is told not to; harmony models
 * have no level above `high`.
 *
 * @returns undefined for a model that cannot think.
 * @throws AppError `bad_request` when a model that cannot think is told to, not just asked.
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
 * @throws AppError `bad_request` when a call is demanded of a tool that there is not.
 */
function withToolChoice(intent: GenerateIntent): GenerateIntent {
  const { input } = intent;
  if (input.type !== "chat" || input.toolChoice === undefined || input.toolChoice === "auto") return intent;
  const { toolChoice } = input;
  if (toolChoice === "none") return { ...intent, input: { ...input, tools: [] } };
  const tools = new DeclaredTools(input.tools);
  if (toolChoice === "required") {
    if (tools.all.length === 0) throw badRequest('tool_choice "required" needs tools');
  } else if (!tools.has(toolChoice.name)) {
    throw badRequest(`tool_choice names ${JSON.stringify(toolChoice.name)}, which is not among the tools`);
  }
  return intent;
}

interface DemandedGrammar {
  /** Absent when the answer may be any text. */
  grammar?: AnswerGrammar;
  /** What is demanded and no grammar enforces. */
  notices: Notice[];
}

/**
 * The grammar that keeps an answer to the format and the tool choice of a request.
 *
 * @throws AppError `bad_request` for a schema that is invalid or cannot be enforced.
 */
function grammarOf(demands: AnswerDemands): DemandedGrammar {
  const grammar = answerGrammar(demands);
  if (grammar === undefined) return { notices: [] };
  const notices = grammar.warnings.map(
    (warning): Notice => ({ code: "ignored_field", message: `format: ${warning}` }),
  );
  return { grammar, notices };
}

/** How the answer is read: by the model's parser, or by what its template says; a request's own template comes before both. */
function styleOf({ input }: GenerateIntent, model: ResolvedModel): AnswerStyle {
  if (input.type === "completion" && (input.raw || input.tokens !== undefined)) return PLAIN_STYLE;
  const own = (input.type === "completion" && input.template) || undefined;
  if (own !== undefined) return answerStyle({ template: own });
  if (model.parser !== undefined) return namedStyle(model.parser);
  const { template, chatTemplate, renderer } = model;
  return answerStyle({
    ...(template !== undefined && { template }),
    ...(chatTemplate !== undefined && { chatTemplate }),
    ...(renderer !== undefined && { renderer }),
  });
}

/** The sampling of one of several answers: the same fixed seed would make them all the same. */
const ofChoice = (sampling: SamplingOptions, choice = 0): SamplingOptions =>
  sampling.seed < 0 ? sampling : { ...sampling, seed: sampling.seed + choice };

/** Says so when a model that was asked to think cannot. */
const unthinkingNotices = (asked: GenerateIntent, decided: Think | undefined): Notice[] =>
  asked.think && decided === undefined
    ? [{ code: "ignored_field", message: "thinking ignored: the model cannot think" }]
    : [];

/** What the prompt has of tools, and what the request demands of calls. */
const toolsOf = ({ input }: GenerateIntent) =>
  input.type === "chat"
    ? {
        tools: input.tools,
        severalCalls: input.severalCalls ?? true,
        ...(input.toolChoice !== undefined && { toolChoice: input.toolChoice }),
      }
    : { tools: [], severalCalls: false };

/**
 * Decides all that can be decided from the request and the model's own record. The order of checks is Ollama's
 * (spec: api-native §4); a request that only loads the model needs no capability but to complete text.
 *
 * @throws AppError `bad_request`; `internal` for a template that does not parse.
 */
export function planAnswer(request: GenerateIntent, model: ResolvedModel): Plan {
  refuseRawConflict(request);
  const think = decideThink(request, model);
  requireCompletion(request, model);
  const empty = isEmpty(request);
  const intent = empty ? request : withToolChoice(request);
  if (!empty) requireCapabilities(intent, model);
  const style = empty ? PLAIN_STYLE : styleOf(intent, model);
  const thinking = think !== undefined && think !== false;
  const { grammar, notices } = grammarOf({
    style,
    thinking,
    ...toolsOf(intent),
    ...(intent.format && { format: intent.format }),
  });
  const merged = mergeOptions(decodeOptions(model.parameters).options, intent.options);
  return {
    intent,
    model,
    think,
    style,
    load: merged.load,
    sampling: ofChoice(merged.sampling, intent.choice),
    notices: [...notices, ...unthinkingNotices(request, think)],
    ...(grammar && { grammar }),
    shift: intent.shift ?? familyOf(model.details.family).shifts,
  };
}

/**
 * The plan of an answer to a request that may show the model something.
 *
 * @throws AppError `bad_request` for images that no model is shown; else as {@link planAnswer}.
 */
export function planSeeing(request: GenerateIntent, model: ResolvedModel, rules: PictureRules): Plan {
  const images = isEmpty(request) ? [] : imagesOf(request);
  checkUrls(images, rules);
  const plan = planAnswer(request, model);
  checkPictures(images, rules);
  return plan;
}
