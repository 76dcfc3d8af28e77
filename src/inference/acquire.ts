import type {
  AcquireOptions,
  Lease,
  LoadOptions,
  LoadSpec,
  Requester,
  TokenizerLease,
} from "../engine/port.ts";
import type { Notice } from "../intent/generate.ts";
import type { RunOptions } from "../intent/option-table.ts";
import { defined } from "../lib/defined.ts";
import type { KeepAlive } from "../lib/duration.ts";
import { decodeKeepAlive } from "../lib/keep-alive.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import type { ModelSettings } from "../models/settings.ts";
import type { InferenceDeps } from "./deps.ts";
import { contextNotices, defaultOptions, mergeOptions } from "./options.ts";
import type { Plan } from "./plan.ts";
import { NOT_FOUND, resolveModel } from "./resolve-model.ts";

/** The facts with which the engine loads an installed model with these options. */
export const loadSpecOf = (model: ResolvedModel, options: LoadOptions): LoadSpec => ({
  name: model.shortName,
  manifestDigest: model.manifestDigest,
  weightsDigest: model.weights.digest,
  weightsPath: model.weights.path,
  weightsBytes: model.weights.bytes,
  ...(model.shape && { shape: model.shape }),
  adapterPaths: model.adapters.map(({ path }) => path),
  adapterBytes: model.adapters.reduce((total, { bytes }) => total + bytes, 0),
  ...(model.projector && { projector: model.projector }),
  ...(usesDraft(model) && { draft: model.draft }),
  embeddingOnly: model.embeddingOnly,
  ranks: model.ranks,
  trainedContext: model.trainedContext,
  ...(model.settings.num_parallel && { parallel: model.settings.num_parallel }),
  options,
});

/** A model that never guesses needs no draft in memory. A request that wants no guesses leaves it there, for the next one. */
const usesDraft = ({ parameters, draft }: ResolvedModel): boolean =>
  draft !== undefined && parameters.draft_num_predict !== 0;

function acquireOptions(
  asked: KeepAlive | undefined,
  { settings }: ResolvedModel,
  { signal, caller, batch = false, requestId }: Requester,
): AcquireOptions {
  const keepAlive = keepAliveFor(asked, settings);
  return {
    signal,
    batch,
    ...defined({ caller, requestId, keepAlive }),
  };
}

/**
 * A pinned model stays, unless a request unloads it; otherwise the request's `keep_alive` goes before the one that is set for the model.
 */
function keepAliveFor(
  asked: KeepAlive | undefined,
  { pinned, keep_alive }: ModelSettings,
): KeepAlive | undefined {
  if (pinned && asked !== 0) return Number.POSITIVE_INFINITY;
  return asked ?? decodeKeepAlive(keep_alive);
}

const askFor = (
  { intent: { keepAlive }, model, load }: Plan,
  requester: Requester,
): [LoadSpec, AcquireOptions] => [loadSpecOf(model, load), acquireOptions(keepAlive, model, requester)];

/** A slot of the plan's model, loaded if need be. @throws AppError. */
export const acquireFor = (plan: Plan, { engine }: InferenceDeps, requester: Requester): Promise<Lease> =>
  engine.acquire(...askFor(plan, requester));

/** The vocabulary of the plan's model, loaded if need be; it waits for no slot. @throws AppError. */
export const acquireTokenizerFor = (
  plan: Plan,
  { engine }: InferenceDeps,
  requester: Requester,
): Promise<TokenizerLease> => engine.acquireTokenizer(...askFor(plan, requester));

/** The model, and how it is to be loaded, of a request that generates no text. */
export interface ModelRequest {
  model: string;
  options: RunOptions;
  keepAlive?: KeepAlive;
  /** Many inputs at once. */
  batch?: boolean;
}

export interface LoadPlan {
  model: ResolvedModel;
  /** `num_ctx` as the request or the model's PARAMETER has it. */
  numCtx: number | undefined;
  /** Says so when the model gets less context than was asked for. */
  notices: Notice[];
  /** To be passed to the engine together with `acquire`. */
  spec: LoadSpec;
  acquire: AcquireOptions;
}

/**
 * Finds the model and decides how it is loaded.
 *
 * @throws AppError as {@link resolveModel} does; nothing has been loaded yet.
 */
export function planLoad(
  { model: reference, options, keepAlive, batch = false }: ModelRequest,
  { catalog }: Pick<InferenceDeps, "catalog">,
  requester: Requester,
): LoadPlan {
  const model = resolveModel(reference, catalog, NOT_FOUND.pullFirst);
  const parameters = defaultOptions(model);
  const { load } = mergeOptions(parameters, options);
  const numCtx = options.num_ctx ?? parameters.num_ctx;
  return {
    model,
    numCtx: load.numCtx === undefined ? undefined : numCtx,
    notices: contextNotices(numCtx, model.trainedContext),
    spec: loadSpecOf(model, load),
    acquire: { ...acquireOptions(keepAlive, model, requester), ...(batch && { batch }) },
  };
}
