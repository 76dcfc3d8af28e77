import type { Clock } from "./clock.ts";

/** Calls `onSilence` once when nothing has been heard for too long. Starts stopped. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #timeoutMs = 0;
  #callOff: (() => void) | undefined;

  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** From now on silence may last for `timeoutMs` milliseconds (`Infinity`: for ever). */
  start(timeoutMs: number): void {
    this.#callOff?.();
    this.#timeoutMs = timeoutMs;
    this.#callOff = this.#clock.after(timeoutMs, this.#onSilence);
  }

  /** Something was heard: the time starts anew. Does nothing while the watchdog is stopped. */
  touch(): void {
    if (this.#callOff !== undefined) this.start(this.#timeoutMs);
  }

  stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
