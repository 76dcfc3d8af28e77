import type { Config } from "../../config/config.ts";
import type { KeepAlive } from "../../lib/duration.ts";
import { estimateMemory, type MemoryUse } from "../memory.ts";
import type { LoadSpec } from "../port.ts";
import type { RunnerLoad } from "../protocol.ts";

/** How a runner is started, every option decided. */
export interface Launch extends Omit<RunnerLoad, "type"> {
  /** Nobody asked for the context length, so it may be lowered when memory is short. */
  automaticContext: boolean;
  /** What the runner will occupy, estimated. */
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
    ...(spec.projector && { projectorPath: spec.projector.path }),
    ...(spec.projector?.from !== undefined && { projectorFrom: spec.projector.from }),
    embeddingOnly: spec.embeddingOnly,
    ranks: spec.ranks,
    contextLength: clampContext(numCtx ?? defaults.contextLength, spec),
    automaticContext: numCtx === undefined,
    parallel: spec.embeddingOnly ? 1 : Math.max(1, spec.parallel ?? defaults.numParallel),
    batchSize: Math.max(0, numBatch ?? 0),
    gpuLayers: Math.max(AUTOMATIC_LAYERS, numGpu ?? AUTOMATIC_LAYERS),
    ...(mainGpu === undefined ? {} : { mainGpu }),
    ...(useMmap === undefined ? {} : { useMmap }),
    threads: numThread !== undefined && numThread > 0 ? numThread : defaults.numThreads,
    flashAttention: defaults.flashAttention,
    kvCacheType: defaults.kvCacheType,
  };
  return { ...launch, memory: estimateMemory(spec, launch) };
}

/** At least 4, or what pictures take; at most what the model was trained with (0: the model does not say). */
function clampContext(wanted: number, { trainedContext, projector }: LoadSpec): number {
  const enough = Math.max(wanted, projector === undefined ? MIN_CONTEXT : MIN_CONTEXT_WITH_PICTURES);
  return Math.max(MIN_CONTEXT, trainedContext > 0 ? Math.min(enough, trainedContext) : enough);
}

const withContext = (spec: LoadSpec, launch: Launch, contextLength: number): Launch => ({
  ...launch,
  contextLength,
  memory: estimateMemory(spec, { ...launch, contextLength }),
});

/** The same launch with lower context lengths, the highest first; none when the length was asked for or is as low as it gets. */
export function lowerContexts(spec: LoadSpec, launch: Launch): Launch[] {
  if (!launch.automaticContext) return [];
  return LOWER_CONTEXTS.filter((lower) => lower < launch.contextLength).map((lower) =>
    withContext(spec, launch, lower),
  );
}

/** A `num_ctx` that is told to users is a multiple of this. */
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

/** What becomes of a model at the moment when nobody uses it any more. */
export type IdlePlan =
  | { type: "stop" }
  /** `timerMs` is absent when the model is pinned. */
  | { type: "keep"; expiresAt: number; timerMs?: number };

/**
 * docs/behaviour: scheduler §1.7. Keep-alive 0 ends the model at once, `Infinity` never.
 * @param now milliseconds since the epoch.
 */
export function planIdle(now: number, keepAlive: KeepAlive): IdlePlan {
  if (keepAlive <= 0) return { type: "stop" };
  if (keepAlive === Number.POSITIVE_INFINITY) return { type: "keep", expiresAt: keepAlive };
  return { type: "keep", expiresAt: now + keepAlive, timerMs: keepAlive };
}

/**
 * When a model goes, as far as one can tell at `now`: what loads or works is taken to end now, what is being unloaded has expired.
 * @returns milliseconds since the epoch.
 */
export function estimateExpiry(
  now: number,
  model: { keepAlive: KeepAlive; expiresAt?: number; leaving: boolean },
): number {
  if (model.leaving) return now;
  return model.expiresAt ?? now + model.keepAlive;
}

/** What the choice of a victim depends on. */
export interface Candidate {
  keepAlive: KeepAlive;
  /** A counter that grows with every use. */
  lastUsed: number;
}

/**
 * Which model makes room: the least recently used one. A model that goes anyway as soon as it is idle (keep-alive 0) comes before
 * the others and a pinned one after them, for pinning is the user's word that it be kept; it still goes when it is the last choice,
 * else the request would wait for ever.
 *
 * Ollama sorts by keep-alive alone, so a model in constant use may go before one that nobody has asked for in an hour.
 */
export function chooseVictim<C extends Candidate>(candidates: readonly C[]): C | undefined {
  return candidates.toSorted((a, b) => reluctance(a) - reluctance(b) || a.lastUsed - b.lastUsed)[0];
}

/**
 * Which models make room when they have to make enough of it: one, if one suffices, the least recently used of those that do; else as
 * many of the least recently used as it takes, without those that the later ones make needless. Pinned ones are left out if possible.
 *
 * @returns undefined when all of them are not enough.
 */
export function chooseVictims<C extends Candidate>(
  candidates: readonly C[],
  isEnough: (chosen: readonly C[]) => boolean,
): C[] | undefined {
  const loose = candidates.filter(({ keepAlive }) => keepAlive !== Number.POSITIVE_INFINITY);
  const from = isEnough(loose) ? loose : candidates;
  if (!isEnough(from)) return undefined;
  const order = from.toSorted((a, b) => reluctance(a) - reluctance(b) || a.lastUsed - b.lastUsed);
  const one = order.find((each) => isEnough([each]));
  if (one !== undefined) return [one];
  const count = order.findIndex((_, at) => isEnough(order.slice(0, at + 1)));
  return order.slice(0, count + 1).reduce<C[]>(
    (kept, each) => {
      const without = kept.filter((other) => other !== each);
      return isEnough(without) ? without : kept;
    },
    order.slice(0, count + 1),
  );
}

function reluctance({ keepAlive }: Candidate): number {
  if (keepAlive === 0) return 0;
  return keepAlive === Number.POSITIVE_INFINITY ? 2 : 1;
}
