import type { LoadOptions } from "../../engine/port.ts";
import type { GenerateIntent, Notice, Think } from "../../intent/generate.ts";
import type { SamplingOptions } from "../../intent/options.ts";
import { badRequest } from "../../lib/errors.ts";
import type { ResolvedModel } from "../../models/catalog.ts";
import { requireCapabilities, requireCompletion } from "./capabilities.ts";
import { decodeOptions } from "./decode-options.ts";
import { grammarOf } from "./grammar.ts";
import { mergeOptions } from "./options.ts";
import { decideThink } from "./think.ts";

/** What has been decided about an answer before its model is loaded. */
export interface Plan {
  intent: GenerateIntent;
  model: ResolvedModel;
  think: Think | undefined;
  load: LoadOptions;
  sampling: SamplingOptions;
  /** May the context shift when it is full, if the engine can? */
  shift: boolean;
  /** GBNF of the requested format. */
  grammar?: string;
  notices: Notice[];
}

/** Families whose context does not shift by default (spec: api-native §3). */
const UNSHIFTED_FAMILIES = ["deepseek2"];

/** Is there nothing to answer? Such a request only loads or unloads the model. */
export const isEmpty = ({ input }: GenerateIntent): boolean =>
  input.type === "chat" ? input.messages.length === 0 : input.prompt === "";

function refuseRawConflict({ input }: GenerateIntent): void {
  if (input.type !== "completion" || !input.raw) return;
  if (input.template !== undefined || input.system !== undefined || input.context !== undefined) {
    throw badRequest("raw mode does not support template, system, or context");
  }
}

/**
 * Decides all that can be decided from the request and the model's own record. The order of checks is Ollama's
 * (spec: api-native §4); a request that only loads the model needs no capability but to complete text.
 *
 * @throws AppError `bad_request`.
 */
export function planAnswer(intent: GenerateIntent, model: ResolvedModel): Plan {
  refuseRawConflict(intent);
  const think = decideThink(intent.think, model, intent.model);
  requireCompletion(intent, model);
  if (!isEmpty(intent)) requireCapabilities(intent, model);
  return {
    intent,
    model,
    think,
    ...mergeOptions(decodeOptions(model.parameters).options, intent.options),
    ...grammarOf(intent.format),
    shift: intent.shift ?? !UNSHIFTED_FAMILIES.includes(model.details.family),
  };
}
