import type { EngineFacts, LoadedEngine, LoadedInfo } from "../../src/engine/port.ts";
import type { RunnerLoad } from "../../src/engine/protocol.ts";
import { defined } from "../../src/lib/defined.ts";
import { AppError } from "../../src/lib/errors.ts";
import { withoutPaths } from "../../src/lib/without-paths.ts";
import type { Binary } from "./binary.ts";
import { memoryKind, takesBack } from "./cache/memory-kind.ts";
import { threadCount } from "./cores.ts";
import { engineFacts } from "./engine-facts.ts";
import { layoutNote, loadWeights, needsPlainWeights, readWeights, type Weights } from "./load-weights.ts";
import { memoryUse } from "./memory-report.ts";
import { openEngine } from "./open-engine.ts";
import { readRanking } from "./ranking.ts";
import { cText, libraryOf, ptr, type Shim, textAt } from "./shim.ts";
import { openEyes, type Sight } from "./sight.ts";
import { loadDraft } from "./speculation/draft-model.ts";
import type { Drafter } from "./speculation/drafter.ts";
import { Vocabulary } from "./vocabulary.ts";

const FLASH_ATTENTION = { auto: -1, off: 0, on: 1 } as const;

/** `enum ggml_type` of the types that a KV cache may have. */
const KV_TYPES: Record<string, number> = {
  f32: 0,
  f16: 1,
  q4_0: 2,
  q4_1: 3,
  q5_0: 6,
  q5_1: 7,
  q8_0: 8,
  iq4_nl: 20,
  bf16: 30,
};

/** Tensors of models (Phi 3) whose rotations differ once the context is longer than the one of their first training. */
const LONG_FACTORS = "rope_factors_long";

/** Tokens that one step may decode (llama.cpp's own default, and Ollama's). */
const DEFAULT_BATCH = 512;

/** A model in memory, with its context. One per process. */
export interface LoadedModel {
  shim: Shim;
  /** Absent for a model without a projector, and where libmtmd is missing. */
  sight?: Sight;
  /** Why it has no `sight`, where it should. */
  blind?: string;
  /** Guesses its next tokens; absent for a model without a draft model, and where evaluated guesses cannot be removed again. */
  drafter?: Drafter;
  vocabulary: Vocabulary;
  info: LoadedInfo;
  batchSize: number;
  /** Threads to compute with at most. */
  threads: number;
  /** Path of the llama.cpp that computes; names its kind and version. */
  library: string;
  /** Does it compute positions in another way where its context is long? */
  hasLongFactors: boolean;
}

/**
 * Loads a model into this process. Blocks while llama.cpp does; progress lines go to stdout.
 *
 * @param libmtmd its path; without it the model's projector is left out.
 * @throws AppError `engine` with llama.cpp's own last error line, or what is wrong with the file's header.
 */
export async function loadModel(request: RunnerLoad, binary: Binary, libmtmd?: string): Promise<LoadedModel> {
  const weights = await readWeights(request.modelPath);
  const shim = openEngine(binary);
  const threads = threadCount(request.threads);
  const batchSize = Math.max(
    request.parallel,
    Math.min(request.batchSize > 0 ? request.batchSize : DEFAULT_BATCH, request.contextLength),
  );
  const plain = needsPlainWeights(weights, textAt(shim.shim_system_info()));
  const params = loadParams(request, threads, batchSize, plain);
  if (!loadWeights(shim, weights, params)) throw failure(shim, "failed to load model", layoutNote(weights));
  for (const path of request.adapterPaths) {
    if (shim.shim_add_adapter(ptr(cText(path))) !== 0) throw failure(shim, "failed to load adapter");
  }
  const eyes = libmtmd === undefined ? {} : await openEyes(request, { shim, binary, threads, libmtmd });
  const { sight } = eyes;
  // Cells of a picture that attend to all of each other have to be in one batch.
  const needed = Math.max(batchSize, sight?.vision.largestMutual ?? 0);
  shim.shim_set_batch(needed);
  openContext(shim);
  const modelBytes = Number(shim.shim_model_size());
  const drafter = await openDrafter(request, shim, weights, params);
  shim.shim_loaded();
  const vocabulary = new Vocabulary(shim);
  const info = {
    ...describe(shim, vocabulary, request, sight, modelBytes),
    engine: { ...engineFacts(shim, binary, threads), ...howLoaded(shim, weights) },
  };
  const library = libraryOf(binary.directory);
  const hasLongFactors = weights.header.tensors.some(({ name }) => name.startsWith(LONG_FACTORS));
  return { shim, ...eyes, ...drafter, vocabulary, info, batchSize: needed, threads, library, hasLongFactors };
}

/** The model's draft. It is of no use to a model whose memory cannot be cut, and the log says so. */
async function openDrafter(
  { draft }: RunnerLoad,
  shim: Shim,
  target: Weights,
  params: Int32Array,
): Promise<{ drafter?: Drafter }> {
  if (draft === undefined) return {};
  if (!takesBack(memoryKind(shim))) {
    console.error("draft: what this model has read cannot be taken back; it is loaded without its draft");
    return {};
  }
  const { path, ...size } = draft;
  return { drafter: loadDraft({ shim, target, draft: await readWeights(path), params, ...size }) };
}

/** How the weights were loaded. */
function howLoaded(shim: Shim, { translation }: Weights): Omit<LoadedEngine, keyof EngineFacts> {
  const offloaded = /offloaded (\d+\/\d+) layers to GPU/.exec(textAt(shim.shim_report()))?.[1];
  return defined({ offloaded, layout: translation?.layout });
}

/** Fields in the order of `enum load_field` in load.c. */
function loadParams(request: RunnerLoad, threads: number, batchSize: number, plain: boolean): Int32Array {
  return Int32Array.of(
    request.contextLength,
    request.parallel,
    batchSize,
    request.gpuLayers,
    request.mainGpu ?? -1,
    request.useMmap === true ? 1 : 0,
    threads,
    FLASH_ATTENTION[request.flashAttention],
    KV_TYPES[request.kvCacheType] ?? 1,
    request.embeddingOnly ? 1 : 0,
    request.ranks ? 1 : 0,
    plain ? 1 : 0,
  );
}

function openContext(shim: Shim): void {
  const code = shim.shim_open_context();
  if (code === -3) throw new AppError("engine", "encoder-decoder models are not supported");
  if (code === -2) throw failure(shim, "the adapter does not fit the model");
  if (code !== 0) throw failure(shim, "failed to create a context");
}

function describe(
  shim: Shim,
  vocabulary: Vocabulary,
  request: RunnerLoad,
  sight: Sight | undefined,
  modelBytes: number,
): LoadedInfo {
  const memory = memoryUse(textAt(shim.shim_report()));
  const sense = sight?.memory ?? { total: 0, vram: 0 };
  const ranking = readRanking(shim, vocabulary);
  return {
    // llama.cpp rounds a context up to its cell granularity; the user asked for this many tokens.
    contextLength: Math.min(request.contextLength, shim.shim_context_per_slot()),
    parallel: request.parallel,
    embeddingLength: shim.shim_embedding_length(),
    vocabSize: shim.shim_vocab_size(),
    loadedAt: Date.now(),
    longestToken: shim.shim_longest_piece(),
    bosToken: vocabulary.text(shim.shim_bos(), true),
    eosToken: vocabulary.text(shim.shim_eos(), true),
    addsBos: shim.shim_adds_bos(),
    addsEos: shim.shim_adds_eos(),
    ...fillInMiddle(shim, vocabulary),
    ...defined({ ranking, senses: sight?.senses }),
    canShift: !request.embeddingOnly && shim.shim_can_shift(),
    sizeBytes: Math.max(memory.total, modelBytes) + sense.total,
    sizeVramBytes: memory.vram + sense.vram,
  };
}

function fillInMiddle(shim: Shim, vocabulary: Vocabulary): Pick<LoadedInfo, "fim"> {
  const mark = (id: number) => ({ id, text: vocabulary.text(id, true) });
  const [prefix, suffix, middle] = [shim.shim_fim_prefix(), shim.shim_fim_suffix(), shim.shim_fim_middle()];
  if (prefix < 0 || suffix < 0 || middle < 0) return {};
  return { fim: { prefix: mark(prefix), suffix: mark(suffix), middle: mark(middle) } };
}

function failure(shim: Shim, what: string, note = ""): AppError {
  const detail = textAt(shim.shim_last_error());
  return new AppError("engine", `${detail === "" ? what : `${what}: ${withoutPaths(detail)}`}${note}`);
}
