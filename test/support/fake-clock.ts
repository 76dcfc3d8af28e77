import type { Clock } from "../../src/lib/clock.ts";

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that stands still until it is advanced; timers run within `advance`, in the order of their times. */
export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  constructor(start = 1_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  nanos(): number {
    return this.#now * 1e6;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      const { at, run } = timer;
      this.#timers = this.#timers.filter((other) => other !== timer);
      this.#now = at;
      run();
    }
    this.#now = end;
  }

  /** Milliseconds from now at which each timer is due, soonest first. */
  get pending(): number[] {
    return this.#timers.map(({ at }) => at - this.#now).toSorted((a, b) => a - b);
  }

  #due(end: number): Timer | undefined {
    return this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}
