import type { Config } from "../../config/config.ts";
import type { LoadSpec } from "../port.ts";
import type { RunnerLoad } from "../protocol.ts";

/** How a runner is started, every option decided. */
export interface Launch extends Omit<RunnerLoad, "type"> {
  /** Nobody asked for the context length, so it may be lowered when memory is short. */
  automaticContext: boolean;
}

export type LaunchDefaults = Pick<
  Config,
  "contextLength" | "numParallel" | "numThreads" | "flashAttention" | "kvCacheType"
>;

const MIN_CONTEXT = 4;
const AUTOMATIC_LAYERS = -1;

/** Context lengths to fall back to, largest first, when memory is short (spec: scheduler §1.6). */
const LOWER_CONTEXTS = [32_768, 4_096];

/** Decides every load option that the request left open. Models that only embed get one slot (spec: scheduler §1.2). */
export function resolveLaunch(spec: LoadSpec, defaults: LaunchDefaults): Launch {
  const { numCtx, numBatch, numGpu, mainGpu, useMmap, numThread } = spec.options;
  return {
    modelPath: spec.weightsPath,
    adapterPaths: spec.adapterPaths,
    embeddingOnly: spec.embeddingOnly,
    ranks: spec.ranks,
    contextLength: clampContext(numCtx ?? defaults.contextLength, spec.trainedContext),
    automaticContext: numCtx === undefined,
    parallel: spec.embeddingOnly ? 1 : Math.max(1, defaults.numParallel),
    batchSize: Math.max(0, numBatch ?? 0),
    gpuLayers: Math.max(AUTOMATIC_LAYERS, numGpu ?? AUTOMATIC_LAYERS),
    ...(mainGpu === undefined ? {} : { mainGpu }),
    ...(useMmap === undefined ? {} : { useMmap }),
    threads: numThread !== undefined && numThread > 0 ? numThread : defaults.numThreads,
    flashAttention: defaults.flashAttention,
    kvCacheType: defaults.kvCacheType,
  };
}

/** At least 4, at most what the model was trained with (0: the model does not say). */
function clampContext(wanted: number, trained: number): number {
  return Math.max(MIN_CONTEXT, trained > 0 ? Math.min(wanted, trained) : wanted);
}

/** The same launch with the next lower context length; undefined when it was asked for or is as low as it gets. */
export function withLowerContext(launch: Launch): Launch | undefined {
  if (!launch.automaticContext) return undefined;
  const contextLength = LOWER_CONTEXTS.find((lower) => lower < launch.contextLength);
  return contextLength === undefined ? undefined : { ...launch, contextLength };
}
