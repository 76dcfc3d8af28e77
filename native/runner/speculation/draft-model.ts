import { AppError } from "../../../src/lib/errors.ts";
import { withoutPaths } from "../../../src/lib/without-paths.ts";
import { vocabularyDifference } from "../../../src/models/gguf/vocabulary-difference.ts";
import { loadWeights, type Weights } from "../load-weights.ts";
import { ptr, type Shim, textAt } from "../shim.ts";
import type { Drafter } from "./drafter.ts";

/** How a draft is loaded. */
export interface DraftOptions {
  shim: Shim;
  /** The model whose tokens are to be guessed; it is loaded. */
  target: Weights;
  draft: Weights;
  /** Tokens that it is to hold, and how many of them it evaluates at a time. */
  contextLength: number;
  batchSize: number;
  /** As the target's, for load.c. */
  params: Int32Array;
}

/** A guess is left out where the draft gives it less than this among the likeliest tokens: a wrong one costs more than it may bring. */
const LEAST_PROBABILITY = 0.6;

/**
 * Loads a draft beside the model that is loaded.
 * @throws AppError `engine` when it cannot be loaded, or when its vocabulary is another: with the difference.
 */
export function loadDraft({ shim, target, draft, contextLength, batchSize, params }: DraftOptions): Drafter {
  const difference = vocabularyDifference(metadataOf(target), metadataOf(draft));
  if (difference !== undefined)
    throw new AppError("engine", `the draft model does not speak the model's vocabulary: ${difference}`);
  shim.shim_expect_draft();
  if (!loadWeights(shim, draft, params)) throw failure(shim, "failed to load the draft model");
  const code = shim.shim_draft_open(contextLength, batchSize);
  if (code === -2)
    throw new AppError("engine", "a recurrent model cannot take back what it has read, and is no draft");
  if (code !== 0) throw failure(shim, "failed to create the draft model's context");
  return new LlamaDrafter(shim, contextLength, batchSize);
}

/** As llama.cpp reads it. */
const metadataOf = ({ header, translation }: Weights) => (translation ?? header).metadata;

function failure(shim: Shim, what: string): AppError {
  const detail = textAt(shim.shim_last_error());
  return new AppError("engine", detail === "" ? what : `${what}: ${withoutPaths(detail)}`);
}

class LlamaDrafter implements Drafter {
  readonly room: number;
  readonly batch: number;
  readonly #shim: Shim;
  readonly #vocabSize: number;
  readonly #in: Int32Array;
  readonly #out: Int32Array;

  constructor(shim: Shim, room: number, batch: number) {
    this.room = room;
    this.batch = batch;
    this.#shim = shim;
    this.#vocabSize = shim.shim_draft_vocab_size();
    this.#in = new Int32Array(batch);
    this.#out = new Int32Array(batch);
  }

  cut(length: number): void {
    this.#shim.shim_draft_cut(length);
  }

  feed(tokens: readonly number[]): boolean {
    return this.#take(tokens) && this.#shim.shim_draft_feed(ptr(this.#in), tokens.length) === 0;
  }

  guess(tokens: readonly number[], most: number): number[] | undefined {
    if (!this.#take(tokens)) return undefined;
    const count = this.#shim.shim_draft_guess(
      ptr(this.#in),
      tokens.length,
      most,
      LEAST_PROBABILITY,
      ptr(this.#out),
    );
    return count < 0 ? undefined : Array.from(this.#out.subarray(0, count));
  }

  /** False where a token is one of those that only the target knows. */
  #take(tokens: readonly number[]): boolean {
    this.#in.set(tokens);
    return tokens.every((token) => token < this.#vocabSize);
  }
}
