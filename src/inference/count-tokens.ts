import type { Requester } from "../engine/port.ts";
import type { GenerateIntent, Notice } from "../intent/generate.ts";
import { acquireTokenizerFor } from "./acquire.ts";
import type { InferenceDeps } from "./deps.ts";
import { planSeeing } from "./plan.ts";
import { promptLength } from "./prompt.ts";
import { resolveModel } from "./resolve-model.ts";

/** How long a prompt is. */
export interface TokenCount {
  /** Tokens of all of it, also of what would not fit the context. */
  tokens: number;
  notices: readonly Notice[];
}

/**
 * Counts the tokens of a conversation by the model's own template and vocabulary; the model is loaded for that if need be.
 *
 * @param requester its signal cancels the wait for the model.
 * @throws AppError for whatever an answer to the same request would be refused for.
 */
export async function countTokens(
  intent: GenerateIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<TokenCount> {
  const model = resolveModel(intent.model, deps.catalog);
  requester.works?.("tokens", model.shortName);
  const plan = await planSeeing(intent, model, deps);
  await using lease = await acquireTokenizerFor(plan, deps, requester);
  return { tokens: await promptLength(plan, lease, deps, requester), notices: plan.notices };
}
