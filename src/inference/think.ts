import type { GenerateIntent, Think } from "../intent/generate.ts";
import { badRequest } from "../lib/errors.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { familyOf } from "../models/families.ts";

/**
 * How a model is told to think (spec: api-native §3). A model that can think does so unless it is told not to; harmony models
 * have no level above `high`.
 *
 * @returns undefined for a model that cannot think.
 * @throws AppError `bad_request` when a model that cannot think is told to, not just asked.
 */
export function decideThink(
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
