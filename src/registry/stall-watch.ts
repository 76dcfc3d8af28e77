import type { Clock } from "../lib/clock.ts";
import { Watchdog } from "../lib/watchdog.ts";
import { upstream } from "./upstream.ts";

/** Aborts a connection that is silent for too long. */
export class StallWatch {
  /** Aborted with AppError `part stalled` after too long a silence, and with the caller's own signal for its reason. */
  readonly signal: AbortSignal;
  readonly #watchdog: Watchdog;

  constructor(clock: Clock, signal: AbortSignal) {
    const stalled = new AbortController();
    this.signal = AbortSignal.any([signal, stalled.signal]);
    this.#watchdog = new Watchdog(clock, () => stalled.abort(upstream("part stalled")));
  }

  /** From now on the connection may be silent for `ms` milliseconds. */
  expect(ms: number): void {
    this.#watchdog.start(ms);
  }

  /** From now on silence does not count: it is not the connection's. */
  rest(): void {
    this.#watchdog.stop();
  }
}
