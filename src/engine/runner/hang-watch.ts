import type { Clock } from "../../lib/clock.ts";

/** How often a runner that works is looked at. */
export const LOOK_MS = 5000;
/** Looks without a message and without work after which a runner hangs: it is stopped, or waits for something that never comes. */
const IDLE_LOOKS = 3;
/** Looks without a message after which it hangs even if it works: no step of a model that is of use takes that long. */
const SILENT_LOOKS = 120;
/** A runner that has computed, or waited for a processor, for less than this between two looks has not worked. */
const WORK_MS = 50;

export interface HangWatchOptions {
  clock: Clock;
  /** Does the runner have calls to answer? */
  isBusy(): boolean;
  /** Milliseconds that the runner has computed so far, or waited for a processor (busy-time.ts); undefined where that is unknown. */
  busyMs(): number | undefined;
  onHang(): void;
}

/**
 * Notices that a runner has stopped working while it has calls to answer. A step may take minutes on a slow machine, in which the runner
 * sends nothing; so a silent runner is left alone as long as it computes.
 */
export class HangWatch {
  readonly #options: HangWatchOptions;
  #callOff: (() => void) | undefined;
  #silentLooks = 0;
  #idleLooks = 0;
  #busyMs: number | undefined;

  constructor(options: HangWatchOptions) {
    this.#options = options;
  }

  /** A call was made. Starts the watch, which ends by itself when there is nothing left to answer. */
  begin(): void {
    if (this.#callOff !== undefined) return;
    this.heard();
    this.#busyMs = this.#options.busyMs();
    this.#schedule();
  }

  /** The runner has sent a message. */
  heard(): void {
    this.#silentLooks = 0;
    this.#idleLooks = 0;
  }

  end(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #schedule(): void {
    this.#callOff = this.#options.clock.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    this.#callOff = undefined;
    const { isBusy, busyMs, onHang } = this.#options;
    if (!isBusy()) return;
    const before = this.#busyMs;
    this.#busyMs = busyMs();
    this.#silentLooks++;
    this.#idleLooks = hasWorked(before, this.#busyMs) ? 0 : this.#idleLooks + 1;
    if (this.#idleLooks >= IDLE_LOOKS || this.#silentLooks >= SILENT_LOOKS) onHang();
    else this.#schedule();
  }
}

/** Less than before is work, too: a thread has ended, and its waiting is no longer counted. */
const hasWorked = (before: number | undefined, now: number | undefined): boolean =>
  before === undefined || now === undefined || now < before || now - before >= WORK_MS;
