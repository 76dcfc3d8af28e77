import type { RunnerGenerate } from "../../src/engine/protocol.ts";
import type { CacheReport } from "../../src/intent/cache.ts";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import type { Checkpoint } from "./cache/cached-prompt.ts";
import type { MediaSpan } from "./cell-row.ts";
import type { DecisionWork } from "./decision/decision.ts";
import type { SlotWork } from "./slot-work.ts";
import type { Speculation } from "./speculation/speculation.ts";
import { TextStream } from "./text-stream.ts";

/** One sequence of the context: the cells in its cache, and the request that uses it. */
export interface Slot {
  readonly index: number;
  /** The content of the KV cache, cell by cell: tokens, and the marks of pictures. */
  cached: number[];
  /** The pictures in `cached`. */
  media: readonly MediaSpan[];
  /**
   * How many of `cached` were computed in place. After a context shift the tokens behind the gap still carry traces of the dropped ones,
   * so only those before it may serve another prompt.
   */
  intact: number;
  /** The cells can be cut to any length from here on, and below it only at a checkpoint (see KvCache). */
  floor: number;
  /** In ascending order of cells, all of them within `intact`. */
  checkpoints: Checkpoint[];
  /** Of the caller whose cells they are. */
  salt: string;
  /** How many of `cached` came as a prompt; what follows is an answer, which nobody has sent back yet. */
  prompted: number;
  lastUsed: number;
  /** An answer that is written here. */
  job: Job | undefined;
  /** Questions that are answered here; never beside a job. */
  decision: DecisionWork | undefined;
}

export const workOf = ({ job, decision }: Slot): SlotWork | undefined => job ?? decision;

/** Slots with a request, the one that has waited longest first. */
export const busySlots = (slots: readonly Slot[]): Slot[] =>
  slots.filter((slot) => workOf(slot) !== undefined).sort((a, b) => a.lastUsed - b.lastUsed);

/** A request for an answer in a slot. */
export interface Job extends SlotWork {
  readonly request: RunnerGenerate;
  readonly text: TextStream;
  /** Control tokens whose text the client wants to see. */
  readonly preserved: ReadonlySet<number>;
  readonly cachedTokens: number;
  /** Where the cached tokens came from, and why there are no more of them. */
  readonly cache: CacheReport;
  /** Cells after which a checkpoint is made, in ascending order; those that are made are gone. */
  readonly boundaries: number[];
  /** Guesses of the next tokens; undefined where wrong ones cannot be removed again. */
  readonly speculation: Speculation | undefined;
  readonly startedAt: number;
  /** Sampled tokens, the end-of-generation token included. */
  sampled: number;
  generated: number[];
  /** Scores of tokens whose text is still held back. */
  heldLogprobs: TokenLogprob[];
}

export function emptySlot(index: number): Slot {
  return {
    index,
    cached: [],
    media: [],
    intact: 0,
    floor: 0,
    checkpoints: [],
    salt: "",
    prompted: 0,
    lastUsed: 0,
    job: undefined,
    decision: undefined,
  };
}

/** The fields of a job that are known before it starts. */
export type JobPlan = Pick<Job, "boundaries" | "cache" | "preserved" | "row" | "speculation" | "startedAt">;

export function startJob(request: RunnerGenerate, plan: JobPlan, contextLength: number): Job {
  const { row, cache } = plan;
  const ceiling = contextLength * MAX_CONTEXTS_GENERATED;
  const wanted = request.sampling.numPredict;
  return {
    ...plan,
    request,
    text: new TextStream(request.sampling.stop),
    limit: wanted < 0 ? ceiling : Math.min(wanted, ceiling),
    cachedTokens: cache.reused,
    pending: row.cells.slice(cache.reused),
    promptDoneAt: undefined,
    sampled: 0,
    generated: [],
    heldLogprobs: [],
  };
}

/** Ollama's bound on an answer without num_predict: ten times the context length. */
const MAX_CONTEXTS_GENERATED = 10;
