import type { ModelShape } from "../intent/model-shape.ts";
import type { LoadedInfo, LoadSpec } from "./port.ts";
import type { RunnerLoad } from "./protocol.ts";

/** Bytes of memory. */
export interface MemoryUse {
  bytes: number;
  /** The part of those bytes that is mapped from a file: the kernel counts it as available although the runner needs it. */
  mappedBytes: number;
}

type Load = Omit<RunnerLoad, "type">;

/** Bytes of 32 values, by the type of the KV cache. */
const CACHE_BLOCK: Readonly<Record<string, number>> = {
  f32: 128,
  f16: 64,
  bf16: 64,
  q8_0: 34,
  q5_1: 24,
  q5_0: 22,
  q4_1: 20,
  q4_0: 18,
  iq4_nl: 18,
};

const FLOAT = 4;

/** The same numbers as in native/runner: tokens of one step, cells by which a context is rounded up, sequences of one embedding batch. */
const DEFAULT_BATCH = 512;
const CELL_STEP = 256;
const EMBED_SEQUENCES = 64;

/** Types that llama.cpp repacks for the matrix units of some CPUs; a tied output is in memory twice then, as it is and repacked. */
const REPACKED = ["Q4_0", "Q4_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "IQ4_XS", "F16"];

/**
 * The memory that a runner will occupy, by the header of its weights: weights, KV cache, compute buffers, projector and adapters. Within
 * 10 % of what llama.cpp allocates (test/e2e/memory-estimate.test.ts), the process itself left out.
 */
export function estimateMemory(spec: LoadSpec, load: Load): MemoryUse {
  const extra = (spec.projector?.bytes ?? 0) + (spec.adapterBytes ?? 0);
  const weights = weightsOf(spec.shape, spec.weightsBytes);
  const draft = draftUse(spec, load);
  const mapped = load.useMmap === true ? weights + draft.weights : 0;
  const working = workingBytes(spec.shape, load);
  return { bytes: weights + extra + working + draft.weights + draft.working, mappedBytes: mapped };
}

/** The draft model's share: weights, and one sequence of its own. */
function draftUse({ draft }: LoadSpec, load: Load): { weights: number; working: number } {
  if (draft === undefined || load.draft === undefined) return { weights: 0, working: 0 };
  const { contextLength, batchSize } = load.draft;
  return {
    weights: weightsOf(draft.shape, draft.bytes),
    working: workingBytes(draft.shape, { ...load, contextLength, batchSize, parallel: 1 }),
  };
}

/** The memory of computing: the context, and buffers. */
const workingBytes = (shape: ModelShape | undefined, load: Load): number =>
  shape === undefined ? 0 : contextBytes(shape, load) + computeBytes(shape, load);

function weightsOf(shape: ModelShape | undefined, weightsBytes: number): number {
  if (shape === undefined) return weightsBytes;
  const repacked = REPACKED.includes(shape.tiedOutputType) ? shape.tiedOutputBytes : 0;
  return shape.weightsBytes + repacked;
}

const batchOf = ({ embeddingOnly, contextLength, batchSize, parallel }: Load): number =>
  embeddingOnly
    ? Math.max(contextLength, EMBED_SEQUENCES)
    : Math.max(parallel, Math.min(batchSize > 0 ? batchSize : DEFAULT_BATCH, contextLength));

const cellsOf = ({ contextLength }: Load): number => Math.ceil(contextLength / CELL_STEP) * CELL_STEP;

/** The KV cache and the states of recurrent layers, of all slots. */
function contextBytes({ cacheWidth, stateWidth }: ModelShape, load: Load): number {
  const perValue = (CACHE_BLOCK[load.kvCacheType] ?? CACHE_BLOCK.f16 ?? 64) / 32;
  return load.parallel * (cellsOf(load) * cacheWidth * perValue + stateWidth * FLOAT);
}

/** The widest moment of one step: attention with its mask and a layer's activations, or the scores of the vocabulary. */
function computeBytes(shape: ModelShape, load: Load): number {
  const { vocabSize, embeddingLength, queryWidth, feedForwardWidth } = shape;
  const batch = batchOf(load);
  const rows = load.embeddingOnly ? EMBED_SEQUENCES : load.parallel;
  const outputs = rows * (vocabSize + (load.embeddingOnly ? embeddingLength : 0)) * FLOAT;
  // Flash attention keeps a mask of half floats; without it there are the scores of every head as well.
  const mask = batch * cellsOf(load) * 2 * shape.masks;
  const residual = embeddingLength * (load.embeddingOnly ? 4 : 2);
  const layer = batch * FLOAT * (residual + Math.max(feedForwardWidth, queryWidth * 3));
  const scores = load.embeddingOnly ? 0 : batch * (vocabSize + embeddingLength * 2) * FLOAT;
  return outputs + Math.max(mask + layer, scores);
}

/** The memory that a runner occupies once it has loaded. */
export function measuredMemory(
  info: LoadedInfo,
  { memory, useMmap }: { memory: MemoryUse; useMmap?: boolean },
): MemoryUse {
  return { bytes: info.sizeBytes, mappedBytes: useMmap === true ? memory.mappedBytes : 0 };
}
