import { type Clock, systemClock } from "../../lib/clock.ts";
import { AppError, cancelled } from "../../lib/errors.ts";

/**
 * Most bytes of large bodies at once, from before their first byte until their requests have been answered. Parsing one takes some four
 * times its size, so that all of it stays below 300 MB.
 */
const MOST_HELD = 96 * 1024 * 1024;
/** Most bodies that wait for room. A body is not read while it waits: its sender waits, and it costs nothing. */
const MOST_WAITING = 256;
const MOST_WAIT_MS = 60_000;
/** Slowest rate, in bytes a second, at which a body may come in after its time of grace while others wait for room. */
const SLOWEST = 128 * 1024;
const GRACE_MS = 10_000;
/** Bodies of at least this size are freed at once, which takes ten milliseconds. */
const LARGE = 16 * 1024 * 1024;

/** A body that is coming in. */
interface Reading {
  bytes: number;
  since: number;
  /** Ends the reading: it is too slow, and others wait. */
  drop: () => void;
}

interface Waiting {
  request: Request;
  bytes: number;
  admit: () => void;
}

/** The refusal, with the time after which clients that send too slowly have been dropped. */
const busy = (): AppError =>
  new AppError("busy", "server busy, too many large requests at once", { retryAfter: GRACE_MS / 1000 });

/**
 * The memory that all large bodies together may take. A body takes memory for as long as its request: its prompt and its images are
 * needed until they have been evaluated. A body that finds no room waits; a smaller one that comes later may go before it.
 */
export class BodyRoom {
  readonly #clock: Clock;
  readonly #held = new WeakMap<Request, number>();
  readonly #readings = new Map<Request, Reading>();
  #waiting: Waiting[] = [];
  #free = MOST_HELD;
  #watching = false;
  readonly #collect: () => void;

  /** @param collect frees unused memory; large texts would otherwise stay until the JavaScript engine collects them by itself. */
  constructor(clock: Clock, collect: () => void) {
    this.#clock = clock;
    this.#collect = collect;
  }

  /**
   * Waits until a body of `bytes` may be read.
   *
   * @param drop called to end the reading when it is so slow that others should not wait for it.
   * @throws AppError `busy` when too many wait, or for too long; `cancelled` when the client has left.
   */
  async enter(request: Request, bytes: number, drop: () => void): Promise<void> {
    if (bytes > this.#free) await this.#turn(request, bytes);
    else this.#take(request, bytes);
    this.#readings.set(request, { bytes: 0, since: this.#clock.nanos(), drop });
  }

  /** Notes how many bytes of a body have come in by now. */
  progress(request: Request, bytes: number): void {
    const reading = this.#readings.get(request);
    if (reading !== undefined) reading.bytes = bytes;
  }

  /** Notes that a body has come in whole, with `bytes`: room that was reserved for more is free again. */
  complete(request: Request, bytes: number): void {
    this.#readings.delete(request);
    const held = this.#held.get(request);
    if (held === undefined || bytes >= held) return;
    this.#held.set(request, bytes);
    this.#give(held - bytes);
  }

  /** To be called once a request has been answered, its stream included. */
  leave(request: Request): void {
    this.#readings.delete(request);
    const held = this.#held.get(request) ?? 0;
    this.#held.delete(request);
    if (held > 0) this.#give(held);
  }

  #take(request: Request, bytes: number): void {
    this.#free -= bytes;
    this.#held.set(request, bytes);
  }

  #give(bytes: number): void {
    if (bytes >= LARGE) this.#collect();
    this.#free += bytes;
    const admitted = this.#waiting.filter((waiting) => {
      if (waiting.bytes > this.#free) return false;
      this.#take(waiting.request, waiting.bytes);
      return true;
    });
    this.#waiting = this.#waiting.filter((waiting) => !admitted.includes(waiting));
    for (const { admit } of admitted) admit();
  }

  async #turn(request: Request, bytes: number): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) throw busy();
    const { promise, resolve: admit, reject } = Promise.withResolvers<void>();
    const waiting = { request, bytes, admit };
    const giveUp = (error: AppError) => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      reject(error);
    };
    const left = () => giveUp(cancelled());
    this.#waiting.push(waiting);
    this.#watch();
    const callOff = this.#clock.after(MOST_WAIT_MS, () => giveUp(busy()));
    request.signal.addEventListener("abort", left);
    try {
      await promise;
    } finally {
      callOff();
      request.signal.removeEventListener("abort", left);
    }
  }

  /** Looks for bodies that are too slow, as long as anybody waits. */
  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#clock.after(GRACE_MS, () => {
      this.#watching = false;
      if (this.#waiting.length === 0) return;
      this.#dropSlow();
      this.#watch();
    });
  }

  #dropSlow(): void {
    const now = this.#clock.nanos();
    for (const { bytes, since, drop } of [...this.#readings.values()]) {
      const seconds = (now - since) / 1e9;
      if (seconds * 1000 >= GRACE_MS && bytes < seconds * SLOWEST) drop();
    }
  }
}

/** The room of this process. */
export const bodyRoom = new BodyRoom(systemClock, () => Bun.gc(true));
