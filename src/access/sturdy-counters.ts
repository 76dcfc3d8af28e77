import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { endsWithin } from "../lib/within.ts";
import type { Counters, Leave } from "./counters.ts";
import type { Window } from "./windows.ts";

/** How long to wait for an answer of the shared counters, in milliseconds. */
const TIMEOUT_MS = 250;
/** How long they are left alone after a failure, in milliseconds. */
const PAUSE_MS = 2000;

export interface SturdyCountersOptions {
  /** Counters that may fail: those in Redis. */
  shared: Counters;
  local: Counters;
  clock: Clock;
  logger: Logger;
}

/**
 * Shared counters that may be down. While they are, this server counts by itself: nobody is refused because of it, nobody is without a
 * limit, and each server holds the limits for what goes through it. The server counts all the time, so that it knows at once.
 */
export class SturdyCounters implements Counters {
  readonly #options: SturdyCountersOptions;
  /** Milliseconds of the clock. */
  #askAgainAt = 0;
  #isDown = false;

  constructor(options: SturdyCountersOptions) {
    this.#options = options;
  }

  /** Waits for the first connection, but not for long. @param connect throws where there is none. */
  async begin(connect: () => Promise<void>): Promise<void> {
    await this.#ask(connect);
  }

  async enter(keyId: string, most: number): Promise<Leave | undefined> {
    const { shared, local } = this.#options;
    const entered = await this.#ask(
      () => shared.enter(keyId, most),
      (late) => late?.(),
    );
    if (entered?.answer === undefined && entered !== undefined) return undefined;
    const here = await local.enter(keyId, entered === undefined ? most : Number.POSITIVE_INFINITY);
    if (here === undefined) return undefined;
    return () => {
      here();
      entered?.answer?.();
    };
  }

  async used(windows: readonly Window[]): Promise<number[]> {
    const { shared, local } = this.#options;
    return (await this.#ask(() => shared.used(windows)))?.answer ?? local.used(windows);
  }

  async add(windows: readonly Window[], tokens: number): Promise<void> {
    const { shared, local } = this.#options;
    await local.add(windows, tokens);
    await this.#ask(() => shared.add(windows, tokens));
  }

  /**
   * @param undo called with an answer that comes too late.
   * @returns undefined when there is no answer.
   */
  async #ask<T>(question: () => Promise<T>, undo?: (late: T) => void): Promise<{ answer: T } | undefined> {
    const { clock } = this.#options;
    if (this.#isDown && clock.now() < this.#askAgainAt) return undefined;
    const asked = question();
    try {
      if (!(await endsWithin(clock, TIMEOUT_MS, asked))) throw new Error("it does not answer");
      const answer = await asked;
      this.#noteUp();
      return { answer };
    } catch (error) {
      asked.then(undo, () => {});
      this.#noteDown(error);
      return undefined;
    }
  }

  #noteUp(): void {
    if (this.#isDown) this.#options.logger.info("Redis answers again: limits of API keys are shared");
    this.#isDown = false;
  }

  #noteDown(error: unknown): void {
    const { clock, logger } = this.#options;
    this.#askAgainAt = clock.now() + PAUSE_MS;
    if (this.#isDown) return;
    this.#isDown = true;
    const reason = messageOf(error);
    logger.warn("Redis cannot be used: this server counts by itself what API keys use", { error: reason });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.shared[Symbol.asyncDispose]();
    await this.#options.local[Symbol.asyncDispose]();
  }
}
