import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { UsageBooks, UsageBucket, UsageQuery, UsageRow } from "../store/usage.ts";
import type { ModelWork } from "./model-work.ts";
import { dialectOf, hasFailed, type RequestRecord } from "./request-record.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a request's counts wait to be written: what a killed server forgets, and how often the disk is written to. */
export const FLUSH_MS = 10_000;

export interface UsageRecorderOptions {
  books: UsageBooks;
  clock: Clock;
  logger: Logger;
  /** OLLAMA_USAGE_DAYS; 0: nothing is kept. */
  days: number;
}

/**
 * Sums up the work of models and writes the sums to the books: every {@link FLUSH_MS} while there is something to write, before a read,
 * and at the end of its scope. Sums that cannot be written, on a full disk say, are kept and tried again.
 */
export class UsageRecorder implements Disposable {
  readonly #options: UsageRecorderOptions;
  #pending = new Map<string, UsageRow>();
  #callOff: (() => void) | undefined;
  /** The last try failed, and that was logged. */
  #failing = false;
  /** The hour in which old rows were last removed. */
  #tidied = 0;

  constructor(options: UsageRecorderOptions) {
    this.#options = options;
  }

  /** Counts a request that has ended; one that put no model to work does not count. */
  record(record: RequestRecord): void {
    if (record.work === undefined || this.#options.days === 0) return;
    const row = rowOf(record, record.work);
    const id = JSON.stringify([row.hour, row.model, row.dialect, row.kind, row.keyId]);
    const before = this.#pending.get(id);
    this.#pending.set(id, before === undefined ? row : sum(before, row));
    this.#callOff ??= this.#options.clock.after(FLUSH_MS, () => this.#flush());
  }

  /** The sums until now. */
  read(query: UsageQuery): UsageBucket[] {
    this.#flush();
    return this.#options.books.read(query);
  }

  [Symbol.dispose](): void {
    this.#flush();
    this.#callOff?.();
  }

  #flush(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    const { books, clock, logger } = this.#options;
    try {
      this.#forget(clock.now());
      if (this.#pending.size > 0) books.add([...this.#pending.values()]);
      this.#pending.clear();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        logger.warn("usage could not be noted yet", { error: AppError.from(error).message });
      this.#failing = true;
      this.#callOff = clock.after(FLUSH_MS, () => this.#flush());
    }
  }

  /** Once an hour, forgets old sums: in the books, and among those that wait to be written, so that these cannot grow without end. */
  #forget(now: number): void {
    const hour = hourOf(now);
    if (hour === this.#tidied) return;
    const before = now - this.#options.days * DAY_MS;
    for (const [id, row] of this.#pending) if (row.hour < before) this.#pending.delete(id);
    this.#options.books.forget(before);
    this.#tidied = hour;
  }
}

const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

const toMs = (nanos: number): number => Math.round(nanos / 1e6);

function rowOf(record: RequestRecord, work: ModelWork): UsageRow {
  const first = work.firstText === undefined ? 0 : toMs(work.firstText);
  return {
    hour: hourOf(record.startedAt),
    model: work.model,
    dialect: dialectOf(record),
    kind: work.kind,
    keyId: record.key ?? "",
    requests: 1,
    errors: hasFailed(record) ? 1 : 0,
    promptTokens: work.promptTokens,
    cachedTokens: work.cachedTokens,
    generatedTokens: work.generatedTokens,
    firstTexts: work.firstText === undefined ? 0 : 1,
    firstTextMs: first,
    firstTextMaxMs: first,
    durationMs: toMs(record.duration),
  };
}

function sum(a: UsageRow, b: UsageRow): UsageRow {
  return {
    ...a,
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    generatedTokens: a.generatedTokens + b.generatedTokens,
    firstTexts: a.firstTexts + b.firstTexts,
    firstTextMs: a.firstTextMs + b.firstTextMs,
    firstTextMaxMs: Math.max(a.firstTextMaxMs, b.firstTextMaxMs),
    durationMs: a.durationMs + b.durationMs,
  };
}
