import { type Clock, systemClock } from "../../lib/clock.ts";
import { AppError, cancelled } from "../../lib/errors.ts";

/**
 * Most bytes of large bodies at once, from before their first byte until their requests have been answered. Parsing one takes some four
 * times its size, so that all of it stays below 300 MB.
 */
const MOST_HELD = 96 * 1024 * 1024;
/** A body that finds no room is not read meanwhile: its sender waits, and it costs nothing. */
const MOST_WAITING = 256;
const MOST_WAIT_MS = 60_000;
/** A body that others wait for has to come in faster than that, in bytes a second, once it has had some time. */
const SLOWEST = 128 * 1024;
const GRACE_MS = 10_000;
/** So many bytes are worth the ten milliseconds that it takes to free them at once. */
const LARGE = 16 * 1024 * 1024;

/** A body that is coming in. */
interface Reading {
  bytes: number;
  since: number;
  /** Ends it: it is too slow, and others wait. */
  drop: () => void;
}

interface Waiting {
  request: Request;
  bytes: number;
  admit: () => void;
}

/** After that time clients that send too slowly have been dropped. */
const busy = (): AppError =>
  new AppError("busy", "server busy, too many large requests at once", { retryAfter: GRACE_MS / 1000 });

/**
 * The room that large bodies have in memory, all together. A body costs memory for as long as its request takes: its prompt and its
 * images are needed until they have been evaluated. A body that finds no room waits; a smaller one that comes later may go before it.
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
   * @param drop ends the reading, should it be so slow that others must not wait for it.
   * @throws AppError `busy` when too many wait, or for too long; `cancelled` when the client has left.
   */
  async enter(request: Request, bytes: number, drop: () => void): Promise<void> {
    if (bytes > this.#free) await this.#turn(request, bytes);
    else this.#take(request, bytes);
    this.#readings.set(request, { bytes: 0, since: this.#clock.nanos(), drop });
  }

  /** So many bytes of it have come in by now. */
  progress(request: Request, bytes: number): void {
    const reading = this.#readings.get(request);
    if (reading !== undefined) reading.bytes = bytes;
  }

  /** It is here, and turned out to have `bytes`: what was kept free for more is free again. */
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

  /** As long as anybody waits. */
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
