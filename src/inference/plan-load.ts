import type { AcquireOptions, LoadSpec, Requester } from "../engine/port.ts";
import type { RunOptions } from "../intent/options.ts";
import type { KeepAlive } from "../lib/duration.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { acquireOptions } from "./acquire.ts";
import { decodeOptions } from "./decode-options.ts";
import type { InferenceDeps } from "./deps.ts";
import { loadSpecOf } from "./load-spec.ts";
import { mergeOptions } from "./options.ts";
import { NOT_FOUND, resolveModel } from "./resolve-model.ts";

/** What requests that generate no text say about the model that they need. */
export interface ModelRequest {
  model: string;
  options: RunOptions;
  keepAlive?: KeepAlive;
}

export interface LoadPlan {
  model: ResolvedModel;
  /** `num_ctx` as the request or the model's PARAMETER has it. */
  numCtx: number | undefined;
  /** What the engine is asked with. */
  spec: LoadSpec;
  acquire: AcquireOptions;
}

/**
 * Finds the model and decides how it is loaded.
 *
 * @throws AppError as {@link resolveModel} does; nothing has been loaded yet.
 */
export function planLoad(
  { model: reference, options, keepAlive }: ModelRequest,
  { catalog }: Pick<InferenceDeps, "catalog">,
  requester: Requester,
): LoadPlan {
  const model = resolveModel(reference, catalog, NOT_FOUND.pullFirst);
  const parameters = decodeOptions(model.parameters).options;
  return {
    model,
    numCtx: options.num_ctx ?? parameters.num_ctx,
    spec: loadSpecOf(model, mergeOptions(parameters, options).load),
    acquire: acquireOptions(keepAlive, requester),
  };
}
