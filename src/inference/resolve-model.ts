import { AppError, badRequest, notFound } from "../lib/errors.ts";
import type { Catalog, ResolvedModel } from "../models/catalog.ts";
import { cloudOnly } from "../models/cloud.ts";
import type { ModelName } from "../models/name.ts";
import { type ModelReference, parseModelReference } from "../models/reference.ts";

/** The texts for a model that does not exist; endpoints differ (docs/behaviour: api-native §1.4). */
export const NOT_FOUND = {
  plain: (raw: string) => `model '${raw}' not found`,
  pullFirst: (raw: string) => `model "${raw}" not found, try pulling it first`,
};

/** Refuses what a local server cannot reach, beginning with Ollama's own words where its cloud is off. */
export function requireLocal(reference: ModelReference, what = "remote model is unavailable"): void {
  if (reference.source !== "cloud") return;
  throw new AppError("forbidden", `ollama cloud is disabled: ${what} (${cloudOnly(reference.raw)})`);
}

/** A reference to a model that may be on this machine. */
export type LocalReference = ModelReference & { readonly name: ModelName };

/**
 * Reads a reference to a model that has to be on this machine, or to come to it.
 *
 * @param unnamed the failure where the client named no model.
 * @param remote what is unavailable of a cloud model; see {@link requireLocal}.
 * @throws AppError `bad_request` `invalid model name`, `forbidden` for a cloud model.
 */
export function localReference(text: string, unnamed: AppError, remote?: string): LocalReference {
  const reference = parseModelReference(text);
  if (reference.raw === "") throw unnamed;
  requireLocal(reference, remote);
  const { name } = reference;
  if (name === undefined) throw badRequest("invalid model name");
  return { ...reference, name };
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
  // An empty reference is reported the way an unknown model is, except that nothing suggests pulling it.
  const { name, raw } = localReference(text, notFound(NOT_FOUND.plain("")));
  const model = catalog.resolve(name);
  if (model === undefined) throw notFound(missing(raw));
  return model;
}
