/** A question about a prompt, and what may be answered. */
export interface WeighedQuestion {
  /** What follows the prompt: the question, up to where the answer begins. At least one. */
  tokens: number[];
  /** The answers to weigh, each at least one token. */
  options: number[][];
}

/** What came of the questions about one prompt. */
export interface Weighed {
  /** For every question the logarithm of each option's probability behind it: the sum of its tokens'. */
  logprobs: number[][];
  promptTokens: number;
  cachedTokens: number;
}
