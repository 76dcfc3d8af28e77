import type { RunnerGenerate } from "../../src/engine/protocol.ts";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { TextStream } from "./text-stream.ts";

/** One sequence of the context: what its cache holds, and the request that uses it. */
export interface Slot {
  readonly index: number;
  /** Tokens in the KV cache, position by position. */
  cached: number[];
  /**
   * How many of `cached` were computed in place. After a context shift the tokens behind the gap still carry traces of what was
   * dropped, so only those before it may serve another prompt.
   */
  intact: number;
  lastUsed: number;
  job: Job | undefined;
}

/** A request in a slot. */
export interface Job {
  readonly request: RunnerGenerate;
  readonly text: TextStream;
  /** Control tokens whose text the client wants to see. */
  readonly preserved: ReadonlySet<number>;
  /** Most tokens to generate. */
  readonly limit: number;
  readonly cachedTokens: number;
  readonly startedAt: number;
  /** Tokens still to be evaluated: the rest of the prompt, then the token sampled last. */
  pending: number[];
  /** When the prompt had been evaluated; undefined until then. Nanoseconds. */
  promptDoneAt: number | undefined;
  /** Sampled tokens, the end-of-generation token included. */
  sampled: number;
  generated: number[];
  /** Scores of tokens whose text is still held back. */
  heldLogprobs: TokenLogprob[];
}

export function emptySlot(index: number): Slot {
  return { index, cached: [], intact: 0, lastUsed: 0, job: undefined };
}

export function startJob(
  request: RunnerGenerate,
  reuse: number,
  preserved: ReadonlySet<number>,
  contextLength: number,
  now: number,
): Job {
  const ceiling = contextLength * MAX_CONTEXTS_GENERATED;
  const wanted = request.sampling.numPredict;
  return {
    request,
    text: new TextStream(request.sampling.stop),
    preserved,
    limit: wanted < 0 ? ceiling : Math.min(wanted, ceiling),
    cachedTokens: reuse,
    startedAt: now,
    pending: request.tokens.slice(reuse),
    promptDoneAt: undefined,
    sampled: 0,
    generated: [],
    heldLogprobs: [],
  };
}

/** Ollama's bound on an answer without num_predict: ten times the context length. */
const MAX_CONTEXTS_GENERATED = 10;
