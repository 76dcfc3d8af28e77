import type { Clock } from "../../lib/clock.ts";
import { defined } from "../../lib/defined.ts";
import type { Digest } from "../../lib/digest.ts";
import { AppError, shuttingDown } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { loadedFields } from "../engine-report.ts";
import type { Launch } from "../launch.ts";
import type { LoadedInfo, LoadSpec } from "../port.ts";
import { type CacheLimits, cacheSettings, shareOf } from "../prompt-cache.ts";
import { type EngineTotals, noTotals, type UnloadReason } from "../totals.ts";
import type { SpawnRunner } from "./process.ts";
import { Runner } from "./runner.ts";

export type RunnerId = number;

export interface RunnersOptions {
  /** Absent: prompts are kept in slots only. */
  cache?: CacheLimits;
  /** See Config.loadTimeoutMs. */
  loadTimeoutMs: number;
  logger: Logger;
  clock: Clock;
  spawn: SpawnRunner;
}

/** Called with what happens to a runner. */
export interface RunnerEvents {
  onReady(info: LoadedInfo): void;
  /** Once, when no process is left. */
  onGone(error: AppError, outOfMemory: boolean): void;
}

/** A runner between its start and its end. */
interface Run {
  runner: Runner;
  weights: Digest;
  ready: boolean;
  /** The runner has been told to end. */
  stopped: boolean;
}

/** How long a runner may write prompts to the disk before it is killed; a server that goes down is waited for. */
const RETIRE_GRACE_MS = 5000;
const SHUTDOWN_GRACE_MS = 1000;

/** The runners of one server: starts and ends them, divides the prompt cache among them, counts and logs their loads and ends. */
export class Runners {
  readonly #options: RunnersOptions;
  readonly #runs = new Map<RunnerId, Run>();
  /** Weights whose runner has died without being told to and was not started again since. */
  readonly #crashed = new Set<Digest>();
  readonly #totals = noTotals();

  constructor(options: RunnersOptions) {
    this.#options = options;
  }

  get(id: RunnerId): Runner | undefined {
    return this.#runs.get(id)?.runner;
  }

  get totals(): EngineTotals {
    return structuredClone(this.#totals);
  }

  /** Starts a process and its load; `events` tell how it goes, the first of them perhaps before this returns. */
  start(id: RunnerId, spec: LoadSpec, launch: Launch, events: RunnerEvents): void {
    const { clock, logger, spawn, loadTimeoutMs } = this.#options;
    const { automaticContext: _, memory, ...load } = launch;
    logger.info("loading model", {
      model: spec.name,
      num_ctx: launch.contextLength,
      parallel: launch.parallel,
      estimated_bytes: memory.bytes,
    });
    const startedAt = clock.nanos();
    const cache = this.#options.cache && cacheSettings(spec, load, this.#options.cache, this.#runs.size + 1);
    const runner = new Runner({
      name: spec.name,
      load: { type: "load", ...load, ...defined({ cache }) },
      spawn,
      clock,
      loadTimeoutMs,
      logger,
      onReady: (info) => {
        this.#loaded(id, spec, launch, info, (clock.nanos() - startedAt) / 1e9);
        events.onReady(info);
      },
      onGone: (error, outOfMemory) => {
        this.#gone(id);
        events.onGone(error, outOfMemory);
      },
    });
    if (this.#crashed.delete(spec.weightsDigest)) this.#totals.restarts += 1;
    this.#runs.set(id, { runner, weights: spec.weightsDigest, ready: false, stopped: false });
    this.#divideCache();
    runner.start();
  }

  /** Tells a runner to end; `onGone` says when it has. */
  stop(id: RunnerId, reason: UnloadReason): void {
    this.#totals.unloads[reason]++;
    const run = this.#runs.get(id);
    if (run === undefined) return;
    run.stopped = true;
    const verdict = reason === "shutdown" ? shuttingDown() : new AppError("engine", "the model was unloaded");
    // Where memory is short no more of it is taken to save a prompt.
    if (reason === "memory") run.runner.end(verdict);
    else run.runner.retire(verdict, reason === "shutdown" ? SHUTDOWN_GRACE_MS : RETIRE_GRACE_MS);
  }

  /** Resolves when every process that there is now has ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ runner }) => runner.gone));
  }

  #loaded(id: RunnerId, spec: LoadSpec, launch: Launch, info: LoadedInfo, seconds: number): void {
    this.#totals.loads += 1;
    this.#totals.loadSeconds += seconds;
    const run = this.#runs.get(id);
    if (run !== undefined) run.ready = true;
    this.#options.logger.info("model loaded", {
      model: spec.name,
      seconds: seconds.toFixed(2),
      ...loadedFields(info, launch),
    });
  }

  #gone(id: RunnerId): void {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    this.#divideCache();
    if (run === undefined || run.stopped) return;
    if (!run.ready) {
      this.#totals.failedLoads += 1;
      return;
    }
    this.#totals.crashes += 1;
    this.#crashed.add(run.weights);
  }

  /** Gives every runner the same share of the memory for prompts. */
  #divideCache(): void {
    const { cache } = this.#options;
    if (cache === undefined) return;
    for (const { runner } of this.#runs.values()) runner.limitCache(shareOf(cache, this.#runs.size));
  }
}
