import type { LoadOptions } from "../engine/port.ts";
import type { Notice } from "../intent/generate.ts";
import type { RunOptions, SamplingOptions } from "../intent/options.ts";

/** Ollama's defaults (spec: api-native §2). */
export const DEFAULT_SAMPLING: SamplingOptions = {
  numKeep: 4,
  seed: -1,
  numPredict: -1,
  topK: 40,
  topP: 0.9,
  minP: 0,
  typicalP: 1,
  repeatLastN: 64,
  temperature: 0.8,
  repeatPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  stop: [],
};

/** Fewest tokens that a context may have. */
const MIN_CONTEXT = 4;

export interface MergedOptions {
  /** What the model is loaded with; absent fields are the engine's to decide. */
  load: LoadOptions;
  sampling: SamplingOptions;
}

function loadOptions(said: RunOptions): LoadOptions {
  return {
    ...(said.num_ctx !== undefined && said.num_ctx >= 1 && { numCtx: Math.max(MIN_CONTEXT, said.num_ctx) }),
    ...(said.num_batch !== undefined && { numBatch: said.num_batch }),
    ...(said.num_gpu !== undefined && { numGpu: said.num_gpu }),
    ...(said.main_gpu !== undefined && { mainGpu: said.main_gpu }),
    ...(said.use_mmap !== undefined && { useMmap: said.use_mmap }),
    ...(said.num_thread !== undefined && { numThread: said.num_thread }),
  };
}

function samplingOptions(said: RunOptions): SamplingOptions {
  const d = DEFAULT_SAMPLING;
  return {
    numKeep: said.num_keep ?? d.numKeep,
    seed: said.seed ?? d.seed,
    numPredict: said.num_predict ?? d.numPredict,
    topK: said.top_k ?? d.topK,
    topP: said.top_p ?? d.topP,
    minP: said.min_p ?? d.minP,
    typicalP: said.typical_p ?? d.typicalP,
    repeatLastN: said.repeat_last_n ?? d.repeatLastN,
    temperature: said.temperature ?? d.temperature,
    repeatPenalty: said.repeat_penalty ?? d.repeatPenalty,
    presencePenalty: said.presence_penalty ?? d.presencePenalty,
    frequencyPenalty: said.frequency_penalty ?? d.frequencyPenalty,
    stop: said.stop ?? d.stop,
  };
}

/** Says so when a model is given less context than was asked for. @param trained 0: the model does not say. */
export function contextNotices(numCtx: number | undefined, trained: number): Notice[] {
  if (numCtx === undefined || trained <= 0 || numCtx <= trained) return [];
  const message = `num_ctx ${numCtx} cut to ${trained}, the context length that the model was trained with`;
  return [{ code: "ignored_option", message }];
}

/**
 * Decides every option of one request: built-in default, overridden by the model's PARAMETER, overridden by the request.
 *
 * A context of fewer than 4 tokens becomes 4; the engine clamps a long one to what the model was trained with.
 */
export function mergeOptions(parameters: RunOptions, request: RunOptions): MergedOptions {
  const said = { ...parameters, ...request };
  return { load: loadOptions(said), sampling: samplingOptions(said) };
}
