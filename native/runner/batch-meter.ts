import type { BatchCounts } from "../../src/engine/port.ts";

/** How full the batches are that llama.cpp evaluates. */
export class BatchMeter {
  readonly #capacity: number;
  #steps = 0;
  #tokens = 0;

  /** @param capacity tokens that a batch holds. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  count(tokens: number): void {
    this.#steps += 1;
    this.#tokens += tokens;
  }

  /** The counts since they were last taken. */
  take(): BatchCounts {
    const counts = { steps: this.#steps, tokens: this.#tokens, capacity: this.#steps * this.#capacity };
    this.#steps = 0;
    this.#tokens = 0;
    return counts;
  }
}
