import type { Clock } from "../../lib/clock.ts";

/** Calls `onStall` once when nothing was heard of a load for `timeoutMs` milliseconds (`Infinity`: never). */
export class LoadWatch {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onStall: () => void;
  #callOff: (() => void) | undefined;

  constructor(clock: Clock, timeoutMs: number, onStall: () => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onStall = onStall;
    this.#callOff = clock.after(timeoutMs, onStall);
  }

  /** Something was heard: the time starts anew. Does nothing after `end`. */
  touch(): void {
    if (this.#callOff === undefined) return;
    this.#callOff();
    this.#callOff = this.#clock.after(this.#timeoutMs, this.#onStall);
  }

  end(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
