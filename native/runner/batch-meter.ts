import type { BatchCounts } from "../../src/engine/port.ts";

/** How full the batches are that llama.cpp evaluates. */
export class BatchMeter {
  readonly #capacity: number;
  #steps = 0;
  #tokens = 0;
  #room = 0;

  /** @param capacity tokens that a batch holds. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @param tokens of one batch; a single text to embed may be longer than the capacity. */
  count(tokens: number): void {
    this.#steps += 1;
    this.#tokens += tokens;
    this.#room += Math.max(this.#capacity, tokens);
  }

  /** The counts since they were last taken. */
  take(): BatchCounts {
    const counts = { steps: this.#steps, tokens: this.#tokens, capacity: this.#room };
    this.#steps = 0;
    this.#tokens = 0;
    this.#room = 0;
    return counts;
  }
}
