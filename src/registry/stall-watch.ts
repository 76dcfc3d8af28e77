import type { Clock } from "../lib/clock.ts";
import { upstream } from "./upstream.ts";

/** Gives a connection up that is silent for too long. */
export class StallWatch {
  /** Fires with AppError `part stalled` after too long a silence, and with what the caller's own signal fires with. */
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  readonly #stalled = new AbortController();
  #callOff = () => {};

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.signal = AbortSignal.any([signal, this.#stalled.signal]);
  }

  /** From now on the connection may be silent for `ms` milliseconds. */
  expect(ms: number): void {
    this.#callOff();
    this.#callOff = this.#clock.after(ms, () => this.#stalled.abort(upstream("part stalled")));
  }

  /** From now on the silence is not the connection's. */
  rest(): void {
    this.#callOff();
  }
}
