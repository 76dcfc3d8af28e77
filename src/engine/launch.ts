import type { Config } from "../config/config.ts";
import { defined } from "../lib/defined.ts";
import { estimateMemory, type MemoryUse } from "./memory.ts";
import type { LoadSpec } from "./port.ts";
import type { RunnerLoad } from "./protocol.ts";

/** How a runner is started, every option decided. */
export interface Launch extends Omit<RunnerLoad, "type"> {
  /** Nobody asked for the context length, so it may be lowered when memory is short. */
  automaticContext: boolean;
  /** The memory that the runner will occupy, estimated. */
  memory: MemoryUse;
}

export type LaunchDefaults = Pick<
  Config,
  "contextLength" | "numParallel" | "numThreads" | "flashAttention" | "kvCacheType"
>;

const MIN_CONTEXT = 4;
/** A picture takes hundreds of tokens (docs/behaviour: scheduler §1.2). */
const MIN_CONTEXT_WITH_PICTURES = 2048;
const AUTOMATIC_LAYERS = -1;

/** Context lengths to fall back to, largest first, when memory is short (docs/behaviour: scheduler §1.6). */
const LOWER_CONTEXTS = [32_768, 4_096];

/** Decides every load option that the request left open. Models that only embed get one slot (docs/behaviour: scheduler §1.2). */
export function resolveLaunch(spec: LoadSpec, defaults: LaunchDefaults): Launch {
  const { numCtx, numBatch, numGpu, mainGpu, useMmap, numThread } = spec.options;
  const launch = {
    modelPath: spec.weightsPath,
    adapterPaths: spec.adapterPaths,
    ...defined({ projectorPath: spec.projector?.path, projectorFrom: spec.projector?.from }),
    ...draftOf(spec),
    embeddingOnly: spec.embeddingOnly,
    ranks: spec.ranks,
    contextLength: clampContext(numCtx ?? defaults.contextLength, spec),
    automaticContext: numCtx === undefined,
    parallel: spec.embeddingOnly ? 1 : Math.max(1, spec.parallel ?? defaults.numParallel),
    batchSize: Math.max(0, numBatch ?? 0),
    gpuLayers: Math.max(AUTOMATIC_LAYERS, numGpu ?? AUTOMATIC_LAYERS),
    ...defined({ mainGpu, useMmap }),
    threads: numThread !== undefined && numThread > 0 ? numThread : defaults.numThreads,
    flashAttention: defaults.flashAttention,
    kvCacheType: defaults.kvCacheType,
  };
  return { ...launch, memory: estimateMemory(spec, launch) };
}

/**
 * Tokens that a draft model holds: it guesses well enough with the last ones. The answer waits while it evaluates a batch of them, and
 * larger batches would not be faster per token.
 */
const DRAFT_CONTEXT = 2048;
const DRAFT_BATCH = 64;

const draftOf = ({ draft, embeddingOnly }: LoadSpec): Pick<RunnerLoad, "draft"> =>
  draft === undefined || embeddingOnly
    ? {}
    : { draft: { path: draft.path, contextLength: DRAFT_CONTEXT, batchSize: DRAFT_BATCH } };

/** At least 4 tokens, or what pictures take; at most the context length that the model was trained with (0: the model does not say). */
function clampContext(wanted: number, { trainedContext, projector }: LoadSpec): number {
  const enough = Math.max(wanted, projector === undefined ? MIN_CONTEXT : MIN_CONTEXT_WITH_PICTURES);
  return Math.max(MIN_CONTEXT, trainedContext > 0 ? Math.min(enough, trainedContext) : enough);
}

const withContext = (spec: LoadSpec, launch: Launch, contextLength: number): Launch => ({
  ...launch,
  contextLength,
  memory: estimateMemory(spec, { ...launch, contextLength }),
});

/** The same launch with lower context lengths, the highest first; none when a request named the length or it is the lowest already. */
export function lowerContexts(spec: LoadSpec, launch: Launch): Launch[] {
  if (!launch.automaticContext) return [];
  return LOWER_CONTEXTS.filter((lower) => lower < launch.contextLength).map((lower) =>
    withContext(spec, launch, lower),
  );
}

/** A `num_ctx` that an error message suggests is a multiple of this. */
const CONTEXT_STEP = 256;

/** The largest context length with which the model needs no more than so many bytes; undefined when none does. */
export function largestContext(spec: LoadSpec, launch: Launch, bytes: number): number | undefined {
  const fits = (steps: number) => withContext(spec, launch, steps * CONTEXT_STEP).memory.bytes <= bytes;
  let [low, high] = [0, Math.floor(launch.contextLength / CONTEXT_STEP)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? undefined : low * CONTEXT_STEP;
}

/**
 * The load options in which a request differs from the runner that holds its weights, by the names users know. None: the
 * runner serves it. docs/behaviour: scheduler §1.1 and its list of ignored differences:
 *
 * - the context length, when neither of the two asked for one; otherwise the clamped lengths are compared;
 * - the number of GPU layers, when the request leaves it to us.
 */
export function launchDifferences(loaded: Launch, wanted: Launch): string[] {
  const sameContext =
    loaded.contextLength === wanted.contextLength || (loaded.automaticContext && wanted.automaticContext);
  const sameGpuLayers = wanted.gpuLayers === -1 || loaded.gpuLayers === wanted.gpuLayers;
  const compared: [string, boolean][] = [
    ["projector", loaded.projectorPath === wanted.projectorPath],
    ["draft", loaded.draft?.path === wanted.draft?.path],
    ["adapter", sameList(loaded.adapterPaths, wanted.adapterPaths)],
    ["num_ctx", sameContext],
    ["num_batch", loaded.batchSize === wanted.batchSize],
    ["num_gpu", sameGpuLayers],
    ["main_gpu", loaded.mainGpu === wanted.mainGpu],
    ["use_mmap", loaded.useMmap === wanted.useMmap],
    ["num_thread", loaded.threads === wanted.threads],
    ["num_parallel", loaded.parallel === wanted.parallel],
  ];
  return compared.filter(([, same]) => !same).map(([name]) => name);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, i) => path === b[i]);
}
