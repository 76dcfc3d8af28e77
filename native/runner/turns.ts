/** Shortest and longest turn, in milliseconds: not much less than a step takes, and no longer than a client may wait for a cancellation. */
const SHORTEST_MS = 10;
const LONGEST_MS = 250;

/**
 * Shares a thread between work that takes turns and all other work: a turn is as long as the other work has taken since the last one. So
 * neither gets less than half of the time, and work that is alone has turn after turn.
 */
export class Turns {
  /** Turns so far, and milliseconds that they took. */
  count = 0;
  took = 0;
  readonly #now: () => number;
  #end: number | undefined;

  /** @param now milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param work is told for how many milliseconds to go on. @returns what it returns. */
  take<T>(work: (ms: number) => T): T {
    const start = this.#now();
    const others = this.#end === undefined ? 0 : start - this.#end;
    try {
      return work(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, others)));
    } finally {
      this.#end = this.#now();
      this.count++;
      this.took += this.#end - start;
    }
  }
}
