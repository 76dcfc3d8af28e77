import type { FromRunner } from "../../src/engine/protocol.ts";
import { cancelled } from "../../src/lib/errors.ts";
import { BatchMeter } from "./batch-meter.ts";
import type { LoadedModel } from "./engine.ts";
import { packBatch } from "./pack-batch.ts";
import { int32At, ptr, textAt } from "./shim.ts";

/** Most sequences in one batch; EMBED_SEQUENCES in load.c. */
const MAX_SEQUENCES = 64;

interface EmbedJob {
  id: number;
  inputs: number[][];
  vectors: Float32Array[];
  /** Inputs evaluated so far. */
  done: number;
}

interface EmbedArrays {
  capacity: number;
  /** Floats of one vector. */
  width: number;
  tokens: Int32Array;
  positions: Int32Array;
  slots: Int32Array;
  out: Float32Array;
}

/** Pooled embeddings, as many inputs a batch as fit, those of different requests side by side. */
export class Embedder {
  readonly #model: LoadedModel;
  readonly #send: (message: FromRunner) => void;
  readonly #meter: BatchMeter;
  #jobs: EmbedJob[] = [];
  #arrays: EmbedArrays | undefined;

  constructor(model: LoadedModel, send: (message: FromRunner) => void) {
    this.#model = model;
    this.#send = send;
    this.#meter = new BatchMeter(model.batchSize);
  }

  get idle(): boolean {
    return this.#jobs.length === 0;
  }

  add(id: number, inputs: number[][]): void {
    const arrays = this.#open();
    const error =
      arrays === undefined
        ? textAt(this.#model.shim.shim_last_error())
        : refusal(inputs, this.#model.info.contextLength);
    if (error === undefined) this.#jobs.push({ id, inputs, vectors: [], done: 0 });
    else
      this.#send({
        type: "error",
        id,
        kind: arrays === undefined ? "engine" : "bad_request",
        message: error,
      });
  }

  cancel(id: number): void {
    const before = this.#jobs.length;
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
    if (this.#jobs.length < before)
      this.#send({ type: "error", id, kind: "cancelled", message: cancelled().message });
  }

  /** Evaluates one batch: no more than a step of prompt evaluation has, unless a single input is longer. Answers wait for it. */
  step(): void {
    const arrays = this.#arrays;
    if (arrays === undefined || this.#jobs.length === 0) return;
    const batch = packBatch(
      nextInputs(this.#jobs, MAX_SEQUENCES + 1),
      Math.min(arrays.capacity, this.#model.batchSize),
      MAX_SEQUENCES,
    );
    const code = this.#evaluate(
      arrays,
      batch.map(({ tokens }) => tokens),
    );
    if (code !== 0) {
      this.#fail(new Set(batch.map(({ job }) => job)), code);
      return;
    }
    const { width } = arrays;
    for (const [row, { job }] of batch.entries()) {
      job.vectors.push(arrays.out.slice(row * width, (row + 1) * width));
      job.done++;
    }
    this.#report();
  }

  #evaluate(arrays: EmbedArrays, inputs: readonly number[][]): number {
    let at = 0;
    for (const [row, tokens] of inputs.entries()) {
      for (let i = 0; i < tokens.length; i++) {
        arrays.tokens[at] = tokens[i]!;
        arrays.positions[at] = i;
        arrays.slots[at] = row;
        at++;
      }
    }
    this.#meter.count(at);
    return this.#model.shim.shim_embed(at, inputs.length, ptr(arrays.out));
  }

  #report(): void {
    for (const job of this.#jobs) {
      if (job.done === job.inputs.length)
        this.#send({
          type: "embeddings",
          id: job.id,
          vectors: job.vectors,
          lengths: job.inputs.map(({ length }) => length),
          batch: this.#meter.take(),
        });
    }
    this.#jobs = this.#jobs.filter((job) => job.done < job.inputs.length);
  }

  #fail(jobs: ReadonlySet<EmbedJob>, code: number): void {
    const detail = textAt(this.#model.shim.shim_last_error());
    const message = `llama.cpp could not evaluate the batch (code ${code})${detail === "" ? "" : `: ${detail}`}`;
    for (const job of jobs) this.#send({ type: "error", id: job.id, kind: "engine", message });
    this.#jobs = this.#jobs.filter((job) => !jobs.has(job));
  }

  #open(): EmbedArrays | undefined {
    if (this.#arrays !== undefined) return this.#arrays;
    const { shim } = this.#model;
    const capacity = shim.shim_embed_open();
    if (capacity < 0) return undefined;
    const width = shim.shim_embed_width();
    this.#arrays = {
      capacity,
      width,
      tokens: int32At(shim.shim_embed_tokens(), capacity),
      positions: int32At(shim.shim_embed_positions(), capacity),
      slots: int32At(shim.shim_embed_slots(), capacity),
      out: new Float32Array(MAX_SEQUENCES * width),
    };
    return this.#arrays;
  }
}

/** The first `most` inputs that are still to be evaluated, those of the oldest request first. */
function nextInputs(jobs: readonly EmbedJob[], most: number): { job: EmbedJob; tokens: number[] }[] {
  const next: { job: EmbedJob; tokens: number[] }[] = [];
  for (const job of jobs) {
    const inputs = job.inputs.slice(job.done, job.done + most - next.length);
    next.push(...inputs.map((tokens) => ({ job, tokens })));
    if (next.length === most) break;
  }
  return next;
}

function refusal(inputs: readonly number[][], contextLength: number): string | undefined {
  if (inputs.some((tokens) => tokens.length === 0)) return "an input has no tokens";
  const longest = inputs.reduce((most, { length }) => Math.max(most, length), 0);
  if (longest <= contextLength) return undefined;
  return `the input length exceeds the context length (${longest} > ${contextLength} tokens)`;
}
