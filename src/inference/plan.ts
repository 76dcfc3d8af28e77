import type { LoadOptions } from "../engine/port.ts";
import type { GenerateIntent, Notice, Think } from "../intent/generate.ts";
import type { SamplingOptions } from "../intent/options.ts";
import { badRequest } from "../lib/errors.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { familyOf } from "../models/families.ts";
import { type AnswerStyle, answerStyle, PLAIN_STYLE } from "../output/answer-style.ts";
import type { AnswerGrammar } from "../output/constraint/answer-grammar.ts";
import { requireCapabilities, requireCompletion } from "./capabilities.ts";
import { decodeOptions } from "./decode-options.ts";
import { grammarOf } from "./grammar.ts";
import { mergeOptions } from "./options.ts";
import { decideThink } from "./think.ts";
import { withToolChoice } from "./tool-choice.ts";

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

/** By which of the templates the answer is read; a request's own template comes before the model's. */
function styleOf({ input }: GenerateIntent, model: ResolvedModel): AnswerStyle {
  if (input.type === "completion" && (input.raw || input.tokens !== undefined)) return PLAIN_STYLE;
  const template = (input.type === "completion" && input.template) || model.template;
  return answerStyle({
    ...(template !== undefined && { template }),
    ...(model.chatTemplate !== undefined && { chatTemplate: model.chatTemplate }),
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
