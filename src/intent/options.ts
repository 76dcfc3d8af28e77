/**
 * What an Ollama `options` object may say, after validation (spec: api-native §2). Absent means "not said": defaults are merged
 * once, lowest first, built-in < model PARAMETER < request.
 */
export interface RunOptions {
  num_ctx?: number;
  num_batch?: number;
  num_gpu?: number;
  main_gpu?: number;
  use_mmap?: boolean;
  num_thread?: number;
  draft_num_predict?: number;
  num_keep?: number;
  seed?: number;
  num_predict?: number;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  typical_p?: number;
  repeat_last_n?: number;
  temperature?: number;
  repeat_penalty?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
  stop?: string[];
}

/** How one answer is sampled; every field decided. Units and defaults as Ollama's (engine.md §3). */
export interface SamplingOptions {
  /** Tokens kept at the front when the context shifts. Default 4. */
  numKeep: number;
  /** -1: a random seed. */
  seed: number;
  /** Most tokens to generate; negative: as many as 10 × the context length. */
  numPredict: number;
  topK: number;
  topP: number;
  minP: number;
  typicalP: number;
  /** How far back penalties look; 0 off, -1 the whole context. */
  repeatLastN: number;
  temperature: number;
  repeatPenalty: number;
  presencePenalty: number;
  frequencyPenalty: number;
  stop: string[];
}
