import type { CacheReport } from "../intent/cache.ts";

/** The work that a request gives a model: `load` is a request without a prompt, `tokens` one for its vocabulary alone. */
export type WorkKind = "chat" | "completion" | "embed" | "rerank" | "decide" | "tokens" | "load";

/** Batches that a runner evaluated: how many, their tokens, and the tokens that they had room for. */
export interface BatchCounts {
  steps: number;
  tokens: number;
  capacity: number;
}

/** Tokens and times of one answer, whether it came to its end or not. */
export interface TokensUsed {
  /** Shortest display name of the model. */
  model: string;
  /** Tokens of the prompt, cached ones included. */
  promptTokens: number;
  cachedTokens: number;
  generatedTokens: number;
  /** Nanoseconds from the request being taken up, loading and queueing included, to the first of its text; absent for none. */
  firstText?: number;
  /** Nanoseconds of prompt evaluation and of generation, 0 where the answer was left before its end. */
  promptDuration?: number;
  generateDuration?: number;
  /** Where the front of its prompt came from; absent where nobody says. */
  cacheSource?: CacheReport["source"];
  /** The texts of prompt and answer, for requesters that want them. */
  content?: { prompt: string; answer: string };
  /** All batches of the runner since the previous answer of this runner ended. */
  batch?: BatchCounts;
}
