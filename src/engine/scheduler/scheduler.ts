import { defined } from "../../lib/defined.ts";
import type { Digest } from "../../lib/digest.ts";
import { type AppError, cancelled } from "../../lib/errors.ts";
import { type LaunchDefaults, resolveLaunch } from "../launch.ts";
import { RunnerLease } from "../lease.ts";
import type {
  AcquireOptions,
  Engine,
  Lease,
  LoadSpec,
  ResidentModel,
  TokenizerLease,
  WaitingRequest,
} from "../port.ts";
import { type RunnerId, Runners, type RunnersOptions } from "../runner/runners.ts";
import type { EngineTotals } from "../totals.ts";
import { decide } from "./decide.ts";
import {
  describeQueue,
  describeResidents,
  initialState,
  type RequestId,
  type SchedulerLimits,
  type State,
  serves,
} from "./state.ts";
import type { Effect, SchedulerEvent } from "./transition.ts";

export interface SchedulerOptions extends RunnersOptions {
  limits: SchedulerLimits;
  launch: LaunchDefaults;
  /** Bytes of memory that new runners may take, now; `Infinity` where memory is not counted. */
  availableBytes(): number;
}

type RequestEvent = Extract<SchedulerEvent, { type: "request" }>;
type Grant = Extract<Effect, { type: "grant" }>;

/** The promise of a request that waits for a lease. */
interface Pending {
  granted(grant: Grant): void;
  rejected(error: AppError): void;
}

/** Owns the state of decide.ts: feeds it events one at a time and carries out what it decides. Has no rules of its own. */
export class Scheduler implements Engine {
  readonly #options: SchedulerOptions;
  readonly #runners: Runners;
  readonly #pending = new Map<RequestId, Pending>();
  readonly #timers = new Map<RunnerId, () => void>();
  readonly #events: SchedulerEvent[] = [];
  #state: State;
  #lastRequest: RequestId = 0;
  #deciding = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#runners = new Runners(options);
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
    { keepAlive, signal, caller = "", batch = false, requestId }: AcquireOptions,
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
      ...defined({ keepAlive }),
    };
    const askedAt = this.#options.clock.nanos();
    return this.#wait(request, request.id, signal, (grant) =>
      this.#leaseOf(request, grant, { askedAt, requestId }),
    );
  }

  /**
   * Dispatches the event that makes a request wait.
   * @param signal ends the wait with `cancelled`.
   * @param onGrant makes the lease; called at once with the grant, while the runner is sure to exist.
   */
  #wait<T>(
    event: SchedulerEvent,
    id: RequestId,
    signal: AbortSignal,
    onGrant: (grant: Grant) => T,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onAbort = () => {
      this.#pending.delete(id);
      reject(cancelled());
      this.#dispatch({ type: "cancel", id });
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#pending.set(id, { granted: (grant) => resolve(onGrant(grant)), rejected: reject });
    this.#dispatch(event);
    return promise.finally(() => signal.removeEventListener("abort", onAbort));
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
      const { cache, step } = this.#runners.get(residents[at]!.id) ?? {};
      return { ...resident, ...(cache && { cache }), ...(step && { step }) };
    });
  }

  queue(): WaitingRequest[] {
    return describeQueue(this.#state, this.#options.clock.now());
  }

  totals(): EngineTotals {
    return this.#runners.totals;
  }

  /** Rejects every waiting request, kills every runner and returns when all of them have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#dispatch({ type: "shutdown" });
    await this.#runners.ended();
  }

  /** An effect may cause the next event at once; it waits until the effects before it are done. */
  #dispatch(event: SchedulerEvent): void {
    this.#events.push(event);
    if (this.#deciding) return;
    this.#deciding = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        const inputs = { now: this.#options.clock.now(), availableBytes: this.#availableBytes(next) };
        const { state, effects } = decide(this.#state, next, inputs);
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#deciding = false;
    }
  }

  /** Free memory matters only to events after which a model may be loaded; measuring it costs more than the rest of a decision. */
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
        this.#take(effect.request).granted(effect);
        break;
      case "reject":
        this.#take(effect.request).rejected(effect.error);
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

  #take(id: RequestId): Pending {
    const pending = this.#pending.get(id);
    if (pending === undefined) throw new Error(`nobody waits for request ${id}`);
    this.#pending.delete(id);
    return pending;
  }

  #setTimer({ runner, ms }: Extract<Effect, { type: "set_timer" }>): void {
    const callOff = this.#options.clock.after(ms, () => {
      this.#timers.delete(runner);
      this.#dispatch({ type: "expire", runner });
    });
    this.#timers.set(runner, callOff);
  }

  /** @param askedAt monotonic nanoseconds. */
  #leaseOf(
    request: RequestEvent,
    { runner: id, info }: Grant,
    { askedAt, requestId }: { askedAt: number; requestId: string | undefined },
  ): Lease {
    const runner = this.#runners.get(id);
    if (runner === undefined)
      throw new Error(`request ${request.id} was granted a runner that is gone: ${id}`);
    const { clock } = this.#options;
    const { tokenizeOnly, batch } = request;
    return new RunnerLease({
      runner,
      info,
      clock,
      requestId,
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

  #load({ runner, spec, launch }: Extract<Effect, { type: "load" }>): void {
    this.#runners.start(runner, spec, launch, {
      onReady: (info) => this.#dispatch({ type: "ready", runner, info }),
      onGone: (error, outOfMemory) => this.#dispatch({ type: "gone", runner, error, outOfMemory }),
    });
  }

  #stop({ runner, reason, options }: Extract<Effect, { type: "stop" }>): void {
    const model = this.#state.residents.find(({ id }) => id === runner)?.spec.name;
    this.#options.logger.info("unloading model", { model, reason, options: options?.join(",") });
    this.#runners.stop(runner, reason);
  }
}
