import { AppError } from "../../../src/lib/errors.ts";
import type { BatchMeter } from "../batch-meter.ts";
import { positionOf } from "../cell-row.ts";
import type { LoadedModel } from "../engine.ts";
import type { KvCache } from "../kv-cache.ts";
import { logSum } from "../logprobs.ts";
import { float32At } from "../shim.ts";
import type { Slot } from "../slot.ts";
import type { StepArrays } from "../step-arrays.ts";
import type { ThreadGovernor } from "../thread-governor.ts";
import { undecodable } from "../undecodable.ts";

export interface EvaluatorOptions {
  model: LoadedModel;
  cache: KvCache;
  arrays: StepArrays;
  meter: BatchMeter;
  /** Says how many threads the next batch gets. */
  governor: Pick<ThreadGovernor, "threads">;
}

/** Log-probabilities behind one token. They are read before the next batch overwrites them. */
export type Scores = (token: number) => number;

/** Tokens of several sequences in one batch. */
export interface BatchPart {
  sequence: number;
  tokens: readonly number[];
  position: number;
  /** Behind which of the tokens scores are wanted, by their places. */
  wanted?: readonly number[];
}

/** Batches of one slot's own, which no other slot shares. */
export class Evaluator {
  readonly model: LoadedModel;
  readonly cache: KvCache;
  readonly meter: BatchMeter;
  readonly #arrays: StepArrays;
  readonly #governor: EvaluatorOptions["governor"];

  constructor({ model, cache, arrays, meter, governor }: EvaluatorOptions) {
    this.model = model;
    this.cache = cache;
    this.meter = meter;
    this.#arrays = arrays;
    this.#governor = governor;
  }

  /** Decodes one batch. @throws AppError `engine`; nothing is known then of the cells that it was to write. */
  decode(parts: readonly BatchPart[]): void {
    this.#arrays.clear();
    for (const { sequence, tokens, position, wanted = [] } of parts) {
      for (const [at, token] of tokens.entries()) {
        if (wanted.includes(at)) this.#arrays.addAll(sequence, [token], position + at);
        else this.#arrays.add(sequence, [token], position + at, false);
      }
    }
    const { shim } = this.model;
    shim.shim_set_threads(this.#governor.threads);
    this.meter.count(this.#arrays.tokens);
    const code = shim.shim_decode(this.#arrays.tokens);
    if (code !== 0) throw undecodable(code);
  }

  /** The scores behind the token in this row of the last batch, which was among those wanted. */
  scores(row: number): Scores {
    const logits = float32At(this.model.shim.shim_logits(row), this.model.info.vocabSize);
    const sum = logSum(logits);
    return (token) => (logits[token] ?? Number.NEGATIVE_INFINITY) - sum;
  }

  /**
   * Evaluates tokens at the end of a slot, a batch at each turn.
   * @param wanted behind which of them scores are wanted, by their places. @param read called with each score right after its batch.
   */
  *append(
    slot: Slot,
    tokens: readonly number[],
    wanted: readonly number[] = [],
    read: (at: number, scores: Scores) => void = () => {},
  ): Generator<void, void> {
    const { batchSize } = this.model;
    for (let from = 0; from < tokens.length; from += batchSize) {
      const part = tokens.slice(from, from + batchSize);
      const here = wanted.map((at) => at - from).filter((at) => at >= 0 && at < part.length);
      const position = positionOf(slot.media, slot.cached.length);
      this.decode([{ sequence: slot.index, tokens: part, position, wanted: here }]);
      this.cache.append(slot, part);
      for (const row of here) read(from + row, this.scores(row));
      yield;
    }
  }

  /**
   * Gives a slot back the cells that it held before: its memory is cut there, or a checkpoint restored; cells that are missing then are
   * evaluated again.
   */
  *putBack(slot: Slot, cells: readonly number[]): Generator<void, void> {
    const kept = this.cache.cut(slot, cells.length);
    const missing = cells.slice(kept);
    if (missing.some((cell) => cell < 0))
      throw new AppError("engine", "this model's memory cannot be put back to where a picture ends");
    yield* this.append(slot, missing);
  }
}
