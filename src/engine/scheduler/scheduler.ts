import type { Clock } from "../../lib/clock.ts";
import type { Digest } from "../../lib/digest.ts";
import { AppError, cancelled } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { loadedFields } from "../engine-report.ts";
import { RunnerLease } from "../lease.ts";
import type { AcquireOptions, Engine, Lease, LoadSpec, ResidentModel, TokenizerLease } from "../port.ts";
import { type CacheLimits, cacheSettings, shareOf } from "../prompt-cache.ts";
import { shuttingDown } from "../runner/failure.ts";
import type { SpawnRunner } from "../runner/process.ts";
import { Runner } from "../runner/runner.ts";
import { decide } from "./decide.ts";
import { type LaunchDefaults, resolveLaunch } from "./policy.ts";
import { describeResidents } from "./report.ts";
import {
  type Effect,
  initialState,
  type Limits,
  type RequestId,
  type RunnerId,
  type SchedulerEvent,
  type State,
} from "./state.ts";

/** How long a runner may write prompts to the disk before it is killed; a server that goes down is waited for. */
const RETIRE_GRACE_MS = 5000;
const SHUTDOWN_GRACE_MS = 1000;

export interface SchedulerOptions {
  limits: Limits;
  launch: LaunchDefaults;
  /** Absent: prompts are kept in slots only. */
  cache?: CacheLimits;
  /** See Config.loadTimeoutMs. */
  loadTimeoutMs: number;
  logger: Logger;
  clock: Clock;
  spawn: SpawnRunner;
}

interface Acquisition {
  /** Monotonic nanoseconds. */
  askedAt: number;
  resolve(lease: Lease): void;
  reject(error: AppError): void;
  stopListening(): void;
}

/** Owns the state of decide.ts: feeds it events one at a time and carries out what it decides. Has no rules of its own. */
export class Scheduler implements Engine {
  readonly #options: SchedulerOptions;
  readonly #acquisitions = new Map<RequestId, Acquisition>();
  readonly #runners = new Map<RunnerId, Runner>();
  readonly #timers = new Map<RunnerId, () => void>();
  readonly #events: SchedulerEvent[] = [];
  #state: State;
  #lastRequest: RequestId = 0;
  #deciding = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#state = initialState(options.limits);
  }

  acquire(spec: LoadSpec, options: AcquireOptions): Promise<Lease> {
    return this.#request(spec, options, false);
  }

  acquireTokenizer(spec: LoadSpec, options: AcquireOptions): Promise<TokenizerLease> {
    return this.#request(spec, options, true);
  }

  #request(spec: LoadSpec, { keepAlive, signal }: AcquireOptions, tokenizeOnly: boolean): Promise<Lease> {
    if (signal.aborted) return Promise.reject(cancelled());
    const id = ++this.#lastRequest;
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    const onAbort = () => {
      this.#acquisitions.delete(id);
      reject(cancelled());
      this.#dispatch({ type: "cancel", id });
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const stopListening = () => signal.removeEventListener("abort", onAbort);
    this.#acquisitions.set(id, { askedAt: this.#options.clock.nanos(), resolve, reject, stopListening });
    const launch = resolveLaunch(spec, this.#options.launch);
    const wanted = keepAlive === undefined ? {} : { keepAlive };
    this.#dispatch({ type: "request", id, spec, launch, tokenizeOnly, ...wanted });
    return promise;
  }

  unload(weightsDigest: Digest): boolean {
    const loaded = this.#state.residents.some(
      ({ spec, phase }) => spec.weightsDigest === weightsDigest && phase !== "stopping",
    );
    if (loaded) this.#dispatch({ type: "unload", weights: weightsDigest });
    return loaded;
  }

  resident(): ResidentModel[] {
    const { residents } = this.#state;
    return describeResidents(this.#state, this.#options.clock.now()).map((resident, at) => {
      const cache = this.#runners.get(residents[at]!.id)?.cache;
      return cache === undefined ? resident : { ...resident, cache };
    });
  }

  /** Rejects whoever waits, kills every runner and returns when all of them have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#dispatch({ type: "shutdown" });
    await Promise.all([...this.#runners.values()].map(({ gone }) => gone));
  }

  /** An effect may cause the next event at once; it waits until the effects before it are done. */
  #dispatch(event: SchedulerEvent): void {
    this.#events.push(event);
    if (this.#deciding) return;
    this.#deciding = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        const { state, effects } = decide(this.#state, next, this.#options.clock.now());
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#deciding = false;
    }
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "grant":
        this.#grant(effect);
        break;
      case "reject":
        this.#take(effect.request)?.reject(effect.error);
        break;
      case "load":
        this.#load(effect);
        break;
      case "stop":
        this.#stop(effect);
        break;
      case "set_timer":
        this.#setTimer(effect);
        break;
      case "clear_timer":
        this.#timers.get(effect.runner)?.();
        this.#timers.delete(effect.runner);
        break;
      default:
        effect satisfies never;
    }
  }

  #setTimer({ runner, ms }: Extract<Effect, { type: "set_timer" }>): void {
    const callOff = this.#options.clock.after(ms, () => {
      this.#timers.delete(runner);
      this.#dispatch({ type: "expire", runner });
    });
    this.#timers.set(runner, callOff);
  }

  #grant({ request, runner: id, info, tokenizeOnly }: Extract<Effect, { type: "grant" }>): void {
    const runner = this.#runners.get(id);
    const acquisition = this.#take(request);
    if (runner === undefined || acquisition === undefined)
      throw new Error(`no such grant: ${request} on ${id}`);
    const { clock } = this.#options;
    acquisition.resolve(
      new RunnerLease({
        runner,
        info,
        clock,
        loadDuration: clock.nanos() - acquisition.askedAt,
        onRelease: () => this.#dispatch({ type: "release", runner: id, tokenizeOnly }),
      }),
    );
  }

  #load({ runner: id, spec, launch }: Extract<Effect, { type: "load" }>): void {
    const { clock, logger, spawn, loadTimeoutMs } = this.#options;
    const { automaticContext: _, ...load } = launch;
    const startedAt = clock.nanos();
    logger.info("loading model", {
      model: spec.name,
      num_ctx: launch.contextLength,
      parallel: launch.parallel,
    });
    const cache =
      this.#options.cache && cacheSettings(spec, load, this.#options.cache, this.#runners.size + 1);
    const runner = new Runner({
      name: spec.name,
      load: { type: "load", ...load, ...(cache && { cache }) },
      spawn,
      clock,
      loadTimeoutMs,
      logger,
      onReady: (info) => {
        const seconds = (clock.nanos() - startedAt) / 1e9;
        logger.info("model loaded", {
          model: spec.name,
          seconds: seconds.toFixed(2),
          ...loadedFields(info, load),
        });
        this.#dispatch({ type: "ready", runner: id, info });
      },
      onGone: (error, outOfMemory) => {
        this.#runners.delete(id);
        this.#shareCache();
        this.#dispatch({ type: "gone", runner: id, error, outOfMemory });
      },
    });
    this.#runners.set(id, runner);
    this.#shareCache();
    runner.start();
  }

  /** Every runner may keep the same part of what all of them may. */
  #shareCache(): void {
    const { cache } = this.#options;
    if (cache === undefined) return;
    for (const runner of this.#runners.values()) runner.limitCache(shareOf(cache, this.#runners.size));
  }

  #stop({ runner: id, reason, options }: Extract<Effect, { type: "stop" }>): void {
    const model = this.#state.residents.find((resident) => resident.id === id)?.spec.name;
    this.#options.logger.info("unloading model", { model, reason, options: options?.join(",") });
    const verdict = reason === "shutdown" ? shuttingDown() : new AppError("engine", "the model was unloaded");
    const runner = this.#runners.get(id);
    // Where memory is short no more of it is taken to save a prompt.
    if (reason === "memory") runner?.end(verdict);
    else runner?.retire(verdict, reason === "shutdown" ? SHUTDOWN_GRACE_MS : RETIRE_GRACE_MS);
  }

  #take(request: RequestId): Acquisition | undefined {
    const acquisition = this.#acquisitions.get(request);
    this.#acquisitions.delete(request);
    acquisition?.stopListening();
    return acquisition;
  }
}
