import type { Clock } from "../../lib/clock.ts";
import type { Digest } from "../../lib/digest.ts";
import { AppError, cancelled } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { loadedFields } from "../engine-report.ts";
import { RunnerLease } from "../lease.ts";
import type {
  AcquireOptions,
  Engine,
  Lease,
  LoadSpec,
  QueuedRequest,
  ResidentModel,
  TokenizerLease,
} from "../port.ts";
import { type CacheLimits, cacheSettings, shareOf } from "../prompt-cache.ts";
import { shuttingDown } from "../runner/failure.ts";
import type { SpawnRunner } from "../runner/process.ts";
import { Runner } from "../runner/runner.ts";
import type { EngineTotals } from "../totals.ts";
import { decide } from "./decide.ts";
import { type LaunchDefaults, resolveLaunch } from "./policy.ts";
import { describeQueue, describeResidents } from "./report.ts";
import {
  type Effect,
  initialState,
  type Limits,
  type RequestId,
  type RunnerId,
  type SchedulerEvent,
  type State,
} from "./state.ts";
import { Tally } from "./tally.ts";
import { serves } from "./transition.ts";
import { type Grant, WaitingRequests } from "./waiting-requests.ts";

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
  /** Bytes of memory that new runners may take, now; `Infinity` where memory is not counted. */
  availableBytes(): number;
}

type RequestEvent = Extract<SchedulerEvent, { type: "request" }>;

/** Owns the state of decide.ts: feeds it events one at a time and carries out what it decides. Has no rules of its own. */
export class Scheduler implements Engine {
  readonly #options: SchedulerOptions;
  readonly #waiting = new WaitingRequests();
  readonly #tally = new Tally();
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

  #request(
    spec: LoadSpec,
    { keepAlive, signal, caller = "", batch = false }: AcquireOptions,
    tokenizeOnly: boolean,
  ): Promise<Lease> {
    if (signal.aborted) return Promise.reject(cancelled());
    const request: RequestEvent = {
      type: "request",
      id: ++this.#lastRequest,
      spec,
      launch: resolveLaunch(spec, this.#options.launch),
      caller,
      batch,
      tokenizeOnly,
      ...(keepAlive === undefined ? {} : { keepAlive }),
    };
    const askedAt = this.#options.clock.nanos();
    return this.#wait(request, request.id, signal, (grant) => this.#leaseOf(request, grant, askedAt));
  }

  /** Dispatches the event that makes a request wait. @param onGrant makes of the grant what the request gets. */
  #wait<T>(
    event: SchedulerEvent,
    id: RequestId,
    signal: AbortSignal,
    onGrant: (grant: Grant) => T,
  ): Promise<T> {
    const granted = this.#waiting.add(id, signal, onGrant, () => this.#dispatch({ type: "cancel", id }));
    this.#dispatch(event);
    return granted;
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

  queue(): QueuedRequest[] {
    return describeQueue(this.#state, this.#options.clock.now());
  }

  totals(): EngineTotals {
    return this.#tally.totals;
  }

  /** Rejects every waiting request, kills every runner and returns when all of them have ended. */
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
        const surroundings = { now: this.#options.clock.now(), availableBytes: this.#availableBytes(next) };
        const { state, effects } = decide(this.#state, next, surroundings);
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#deciding = false;
    }
  }

  /** Memory counts where a model may have to be loaded; to look costs more than the rest of a decision. */
  #availableBytes(event: SchedulerEvent): number {
    const { waiters, residents } = this.#state;
    const isLoaded = (each: { spec: LoadSpec }) =>
      residents.some(({ spec }) => spec.weightsDigest === each.spec.weightsDigest);
    const asking = event.type === "request" ? [...waiters, event] : waiters;
    if (event.type !== "gone" && asking.every(isLoaded)) return Number.POSITIVE_INFINITY;
    return this.#options.availableBytes();
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "grant":
        this.#waiting.take(effect.request).granted(effect);
        break;
      case "reject":
        this.#waiting.take(effect.request).rejected(effect.error);
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

  #leaseOf(request: RequestEvent, { runner: id, info }: Grant, askedAt: number): Lease {
    const runner = this.#runners.get(id);
    if (runner === undefined)
      throw new Error(`request ${request.id} was granted a runner that is gone: ${id}`);
    const { clock } = this.#options;
    const { tokenizeOnly, batch } = request;
    return new RunnerLease({
      runner,
      info,
      clock,
      loadDuration: clock.nanos() - askedAt,
      onRelease: () => this.#dispatch({ type: "release", runner: id, request: request.id, tokenizeOnly }),
      ...(batch && { giveWay: (signal: AbortSignal) => this.#giveWay(request, id, signal) }),
    });
  }

  /** Lets requests that wait for a slot of this runner go before a batch that has one, if there are any. */
  async #giveWay(request: RequestEvent, runner: RunnerId, signal: AbortSignal): Promise<void> {
    const resident = this.#state.residents.find(({ id }) => id === runner);
    const others = this.#state.waiters.filter(({ tokenizeOnly }) => !tokenizeOnly);
    if (resident === undefined || !others.some((waiter) => serves(resident, waiter))) return;
    const { type: _, tokenizeOnly: __, ...waiter } = request;
    await this.#wait({ type: "yield", runner, waiter }, request.id, signal, () => undefined);
  }

  #load({ runner: id, spec, launch }: Extract<Effect, { type: "load" }>): void {
    const { clock, logger, spawn, loadTimeoutMs } = this.#options;
    const { automaticContext: _, memory, ...load } = launch;
    const startedAt = clock.nanos();
    logger.info("loading model", {
      model: spec.name,
      num_ctx: launch.contextLength,
      parallel: launch.parallel,
      estimated_bytes: memory.bytes,
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
        this.#tally.loaded(id, seconds);
        logger.info("model loaded", {
          model: spec.name,
          seconds: seconds.toFixed(2),
          ...loadedFields(info, load),
        });
        this.#dispatch({ type: "ready", runner: id, info });
      },
      onGone: (error, outOfMemory) => {
        this.#runners.delete(id);
        this.#tally.gone(id);
        this.#shareCache();
        this.#dispatch({ type: "gone", runner: id, error, outOfMemory });
      },
    });
    this.#runners.set(id, runner);
    this.#tally.started(id, spec.weightsDigest);
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
    this.#tally.stopped(id, reason);
    this.#options.logger.info("unloading model", { model, reason, options: options?.join(",") });
    const verdict = reason === "shutdown" ? shuttingDown() : new AppError("engine", "the model was unloaded");
    const runner = this.#runners.get(id);
    // Where memory is short no more of it is taken to save a prompt.
    if (reason === "memory") runner?.end(verdict);
    else runner?.retire(verdict, reason === "shutdown" ? SHUTDOWN_GRACE_MS : RETIRE_GRACE_MS);
  }
}
