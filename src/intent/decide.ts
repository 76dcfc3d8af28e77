import type { KeepAlive } from "../lib/duration.ts";
import type { Notice } from "./generate.ts";
import type { Message } from "./message.ts";
import type { RunOptions } from "./option-table.ts";

/** One of the possible answers to a question. */
export interface AnswerOption {
  /** The answer as the model would write it. No two of a question are the same, and none is empty. */
  label: string;
  /** Describes when this is the right answer. */
  description?: string;
}

/** `noul`: yes or no, in this order. `choice`: one of several. `score`: one of several levels, the lowest first. */
export interface Question {
  kind: "noul" | "choice" | "score";
  /** The question in words. "": the answers alone say it. */
  instructions: string;
  /** The possible answers, at least two. */
  options: AnswerOption[];
}

/** Questions about one input, to be answered with probabilities. */
export interface DecideIntent {
  model: string;
  input: Pick<Message, "content" | "images" | "imagePlaces">;
  /** At least one. */
  questions: Question[];
  options: RunOptions;
  keepAlive?: KeepAlive;
}

export interface DecideResult {
  /** For each question the probabilities of its answers, in their order; their sum is 1. */
  probabilities: number[][];
  /** Tokens of the input and of all questions. */
  promptTokens: number;
  /** Tokens of the input that came from the cache. */
  cachedTokens: number;
  /** Tokens of the input that had to be evaluated and are cached now. */
  writtenTokens: number;
  /** Tokens of the likeliest answers. */
  answerTokens: number;
  totalDuration: number;
  loadDuration: number;
  /** Notices for the client. */
  notices: Notice[];
}

/** A question about a prompt, and its possible answers, in tokens. */
export interface WeighedQuestion {
  /** Tokens that follow the prompt: the question, up to where the answer begins. At least one. */
  tokens: number[];
  /** The answers to weigh, each at least one token. */
  options: number[][];
}

/** The results of all questions about one prompt. */
export interface Weighed {
  /** For every question the logarithms of its options' probabilities, provided that one of the options has to follow. */
  logprobs: number[][];
  promptTokens: number;
  cachedTokens: number;
}
