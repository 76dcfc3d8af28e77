import type { Think } from "../../intent/generate.ts";
import { badRequest } from "../../lib/errors.ts";
import type { ResolvedModel } from "../../models/catalog.ts";

const HARMONY_FAMILIES = ["gptoss", "gpt-oss"];

/**
 * How a model is told to think (spec: api-native §3). A model that can think does so unless it is told not to; harmony models
 * have no level above `high`.
 *
 * @param raw the client's own model reference, for the error text.
 * @returns undefined for a model that cannot think.
 * @throws AppError `bad_request` when a model that cannot think is told to.
 */
export function decideThink(think: Think | undefined, model: ResolvedModel, raw: string): Think | undefined {
  if (!model.capabilities.includes("thinking")) {
    if (think === undefined || think === false) return undefined;
    throw badRequest(`"${raw}" does not support thinking`);
  }
  if (think === "max" && HARMONY_FAMILIES.includes(model.details.family)) return "high";
  return think ?? true;
}
