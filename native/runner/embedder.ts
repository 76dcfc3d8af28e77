import type { PromptPiece } from "../../src/engine/pieces.ts";
import type { FromRunner } from "../../src/engine/protocol.ts";
import { AppError, badRequest, cancelled } from "../../src/lib/errors.ts";
import { BatchMeter } from "./batch-meter.ts";
import { type EmbedArrays, failed, MAX_SEQUENCES, openEmbedArrays, tooLong } from "./embed-arrays.ts";
import type { LoadedModel } from "./engine.ts";
import { packBatch } from "./pack-batch.ts";
import { PicturedInputs } from "./pictured-inputs.ts";
import { ptr, textAt } from "./shim.ts";
import { undecodable } from "./undecodable.ts";

interface EmbedJob {
  id: number;
  inputs: number[][];
  vectors: Float32Array[];
  /** Inputs evaluated so far. */
  done: number;
}

/** Pooled embeddings, as many inputs a batch as fit, those of different requests side by side. */
export class Embedder {
  readonly #model: LoadedModel;
  readonly #send: (message: FromRunner) => void;
  readonly #meter: BatchMeter;
  readonly #pictured: PicturedInputs;
  #jobs: EmbedJob[] = [];
  #arrays: EmbedArrays | undefined;

  /** @param wake called when there is something to do again after a step that did nothing. */
  constructor(model: LoadedModel, send: (message: FromRunner) => void, wake: () => void) {
    this.#model = model;
    this.#send = send;
    this.#meter = new BatchMeter(model.batchSize);
    this.#pictured = new PicturedInputs(model, send, wake);
  }

  get idle(): boolean {
    return this.#jobs.length === 0 && this.#pictured.idle;
  }

  add(id: number, inputs: number[][]): void {
    this.#admit(id, () => {
      checkLengths(inputs, this.#model.info.contextLength);
      this.#jobs.push({ id, inputs, vectors: [], done: 0 });
    });
  }

  /** One input, with pictures in it. */
  addPieces(id: number, pieces: PromptPiece[]): void {
    this.#admit(id, () => this.#pictured.add(id, pieces));
  }

  #admit(id: number, add: () => void): void {
    try {
      this.#open();
      add();
    } catch (error) {
      this.#send(failed(id, AppError.from(error)));
    }
  }

  cancel(id: number): void {
    const before = this.#jobs.length;
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
    if (this.#jobs.length < before || this.#pictured.cancel(id)) this.#send(failed(id, cancelled()));
  }

  /**
   * A batch of texts and a step of an input with pictures, unless one has begun, for whose cells texts then wait.
   * @returns false when there was nothing to do, since it is idle or waits for a picture to be decoded.
   */
  step(): boolean {
    const arrays = this.#arrays;
    if (arrays === undefined) return false;
    const texts = !this.#pictured.underWay && this.#stepTexts(arrays);
    const pictures = this.#pictured.step(arrays);
    return texts || pictures;
  }

  /** Evaluates one batch: no more than a step of prompt evaluation has, unless a single input is longer. Answers wait for it. */
  #stepTexts(arrays: EmbedArrays): boolean {
    if (this.#jobs.length === 0) return false;
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
      return true;
    }
    const { width } = arrays;
    for (const [row, { job }] of batch.entries()) {
      job.vectors.push(arrays.out.slice(row * width, (row + 1) * width));
      job.done++;
    }
    this.#report();
    return true;
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
    const error = undecodable(code, textAt(this.#model.shim.shim_last_error()));
    for (const job of jobs) this.#send(failed(job.id, error));
    this.#jobs = this.#jobs.filter((job) => !jobs.has(job));
  }

  /** @throws AppError `engine` with llama.cpp's last error. */
  #open(): void {
    this.#arrays ??= openEmbedArrays(this.#model.shim);
    if (this.#arrays === undefined) throw new AppError("engine", textAt(this.#model.shim.shim_last_error()));
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

/** @throws AppError `bad_request`. */
function checkLengths(inputs: readonly number[][], contextLength: number): void {
  if (inputs.some((tokens) => tokens.length === 0)) throw badRequest("an input has no tokens");
  const longest = inputs.reduce((most, { length }) => Math.max(most, length), 0);
  if (longest > contextLength) throw tooLong(longest, contextLength);
}
