import { AppError, badRequest, notFound } from "../lib/errors.ts";
import type { Catalog, ResolvedModel } from "../models/catalog.ts";
import { type ModelReference, parseModelReference } from "../models/reference.ts";

/** The texts for a model that does not exist; endpoints differ (spec: api-native §1.4). */
export const NOT_FOUND = {
  plain: (raw: string) => `model '${raw}' not found`,
  pullFirst: (raw: string) => `model "${raw}" not found, try pulling it first`,
};

/** Refuses what a local server cannot reach. */
export function requireLocal(reference: ModelReference, what = "remote model is unavailable"): void {
  if (reference.source === "cloud") throw new AppError("forbidden", `ollama cloud is disabled: ${what}`);
}

/**
 * The installed model that a client's reference names.
 *
 * @param text as the client wrote it; "" is a model that is not found.
 * @throws AppError `bad_request` `invalid model name`, `forbidden` for a cloud model, `not_found`.
 */
export function resolveModel(
  text: string,
  catalog: Catalog,
  missing: (raw: string) => string = NOT_FOUND.plain,
): ResolvedModel {
  const reference = parseModelReference(text);
  // An empty reference is reported the way an unknown model is, except that nothing suggests pulling it.
  if (reference.raw === "") throw notFound(NOT_FOUND.plain(""));
  requireLocal(reference);
  if (reference.name === undefined) throw badRequest("invalid model name");
  const model = catalog.resolve(reference.name);
  if (model === undefined) throw notFound(missing(reference.raw));
  return model;
}
