import { launchDifferences, resolveLaunch } from "../../src/engine/launch.ts";
import { decide } from "../../src/engine/scheduler/decide.ts";
import { isUrgent } from "../../src/engine/scheduler/policy.ts";
import {
  initialState,
  type Resident,
  type SchedulerLimits,
  type State,
} from "../../src/engine/scheduler/state.ts";
import type { Effect, SchedulerEvent } from "../../src/engine/scheduler/transition.ts";
import type { Digest } from "../../src/lib/digest.ts";
import { AppError } from "../../src/lib/errors.ts";
import { infoFor, LAUNCH_DEFAULTS, specFor } from "./engine-fixtures.ts";

interface ModelRunner {
  key: Digest;
  parallel: number;
  contextLength: number;
  bytes: number;
  phase: "loading" | "ready" | "stopping";
  /** It has taken its memory. */
  loaded: boolean;
  /** The requests that have a slot. */
  leases: number[];
  tokenizers: number;
  lastUse: number;
  timer: boolean;
}

export interface Ask {
  model: number;
  numCtx: number | undefined;
  keepAlive: number | undefined;
  tokenizeOnly: boolean;
  caller: string;
  batch: boolean;
}

interface ModelWaiter {
  key: Digest;
  tokenizeOnly: boolean;
  caller: string;
  /** The runner to which it has given its slot back for a while. */
  resumes?: number;
}

/** Bytes of the weights of model 0, 1, …; the last one fits into no memory. */
const WEIGHTS = [10, 20, 30, 40, 1000];

/** Bytes of the world's memory. */
const MEMORY = 80;

/**
 * A world in which the scheduler's effects come true, with records of its own. It throws as soon as an effect breaks a rule, and it
 * knows what may happen next.
 */
export class SchedulerModel {
  state: State;
  readonly runners = new Map<number, ModelRunner>();
  readonly waiting = new Map<number, ModelWaiter>();
  /** What has come of which event: `gone → load`. */
  readonly caused = new Set<string>();
  readonly #limits: SchedulerLimits;
  readonly #parallel: number;
  readonly #asks = new Map<number, Extract<SchedulerEvent, { type: "request" }>>();
  #requests = 0;
  #clock = 0;
  #down = false;

  constructor(limits: SchedulerLimits, parallel: number) {
    this.#limits = limits;
    this.#parallel = parallel;
    this.state = initialState(limits);
  }

  request({ model, numCtx, keepAlive, tokenizeOnly, caller, batch }: Ask): void {
    const weightsBytes = WEIGHTS[model] ?? 0;
    const spec = specFor(`model-${model}`, numCtx === undefined ? {} : { numCtx }, { weightsBytes });
    const launch = resolveLaunch(spec, {
      ...LAUNCH_DEFAULTS,
      contextLength: 8192,
      numParallel: this.#parallel,
    });
    const id = ++this.#requests;
    this.waiting.set(id, { key: spec.weightsDigest, tokenizeOnly, caller });
    const kept = keepAlive === undefined ? {} : { keepAlive };
    const event = { type: "request" as const, id, spec, launch, tokenizeOnly, caller, batch, ...kept };
    this.#asks.set(id, event);
    this.#play(event);
  }

  cancel(id: number): void {
    this.waiting.delete(id);
    this.#play({ type: "cancel", id });
  }

  ready(id: number): void {
    const runner = this.runner(id);
    runner.phase = "ready";
    runner.loaded = true;
    const info = { ...infoFor(runner.contextLength, runner.parallel), sizeBytes: runner.bytes };
    this.#play({ type: "ready", runner: id, info });
  }

  release(id: number): void {
    const runner = this.runner(id);
    const [request = 0] = runner.leases.splice(0, 1);
    runner.lastUse = ++this.#clock;
    this.#play({ type: "release", runner: id, request, tokenizeOnly: false });
  }

  handBack(id: number): void {
    const runner = this.runner(id);
    runner.tokenizers--;
    runner.lastUse = ++this.#clock;
    this.#play({ type: "release", runner: id, request: 0, tokenizeOnly: true });
  }

  /** A batch lets others have its slot for a while. */
  giveWay(id: number): void {
    const runner = this.runner(id);
    const request = runner.leases.find((each) => this.#asks.get(each)?.batch);
    const ask = this.#asks.get(request ?? 0);
    if (ask === undefined) return;
    runner.leases = runner.leases.filter((each) => each !== ask.id);
    const { type: _, tokenizeOnly: __, ...waiter } = ask;
    this.waiting.set(ask.id, { key: runner.key, tokenizeOnly: false, caller: ask.caller, resumes: id });
    this.#play({ type: "yield", runner: id, waiter });
  }

  gone(id: number, outOfMemory: boolean): void {
    const { timer, leases } = this.runner(id);
    this.runners.delete(id);
    const effects = this.#play({
      type: "gone",
      runner: id,
      error: new AppError("engine", "gone"),
      outOfMemory,
    });
    const cleared = effects.some((effect) => effect.type === "clear_timer" && effect.runner === id);
    if (timer !== cleared) throw new Error(`the timer of dead runner ${id} runs on`);
    const [request = 0] = leases;
    this.#play({ type: "release", runner: id, request, tokenizeOnly: outOfMemory });
  }

  expire(id: number): void {
    this.#play({ type: "expire", runner: id });
  }

  unload(model: number): void {
    this.#play({ type: "unload", weights: specFor(`model-${model}`).weightsDigest });
  }

  shutdown(): void {
    this.#down = true;
    this.#play({ type: "shutdown" });
  }

  ids(fits: (runner: ModelRunner) => boolean): number[] {
    return [...this.runners].filter(([, runner]) => fits(runner)).map(([id]) => id);
  }

  runner(id: number): ModelRunner {
    const runner = this.runners.get(id);
    if (runner === undefined) throw new Error(`an effect on runner ${id}, which is gone`);
    return runner;
  }

  #usedBytes(counts: (runner: ModelRunner) => boolean = () => true): number {
    return [...this.runners.values()].filter(counts).reduce((total, { bytes }) => total + bytes, 0);
  }

  #play(event: SchedulerEvent): Effect[] {
    const availableBytes = MEMORY - this.#usedBytes(({ loaded }) => loaded);
    const before = this.state;
    const { state, effects } = decide(before, event, { now: ++this.#clock, availableBytes });
    for (const { type } of effects) this.caused.add(`${event.type} → ${type}`);
    this.state = state;
    const dead = event.type === "gone" ? event.runner : undefined;
    for (const effect of effects) {
      if (effect.type !== "clear_timer" || effect.runner !== dead) this.#perform(effect, before);
    }
    this.#check();
    return effects;
  }

  #perform(effect: Effect, before: State): void {
    switch (effect.type) {
      case "load":
        this.#load(effect);
        return;
      case "grant":
        this.#grant(effect.request, effect.runner, before);
        return;
      case "reject":
        if (!this.waiting.delete(effect.request)) throw new Error(`${effect.request} was not waiting`);
        return;
      case "stop":
        this.#stop(effect.runner, effect.reason);
        return;
      case "set_timer":
        if (this.runner(effect.runner).timer) throw new Error("two timers for one runner");
        this.runner(effect.runner).timer = true;
        return;
      case "clear_timer":
        if (!this.runner(effect.runner).timer) throw new Error("no timer to clear");
        this.runner(effect.runner).timer = false;
    }
  }

  #load({ runner, spec, launch }: Extract<Effect, { type: "load" }>): void {
    if (this.runners.size >= this.#limits.maxLoaded) throw new Error("more models than may be loaded");
    this.runners.set(runner, {
      key: spec.weightsDigest,
      parallel: launch.parallel,
      contextLength: launch.contextLength,
      bytes: launch.memory.bytes,
      phase: "loading",
      loaded: false,
      leases: [],
      tokenizers: 0,
      lastUse: ++this.#clock,
      timer: false,
    });
    if (this.#usedBytes() > MEMORY) throw new Error("more memory than there is");
  }

  #grant(request: number, id: number, before: State): void {
    const runner = this.runner(id);
    const waiter = this.waiting.get(request);
    if (waiter === undefined) throw new Error(`${request} was not waiting`);
    if (runner.phase !== "ready") throw new Error(`a lease on a runner that is ${runner.phase}`);
    if (waiter.key !== runner.key) throw new Error("a lease on another model");
    if (waiter.resumes !== undefined && waiter.resumes !== id) throw new Error("resumed on another runner");
    if (runner.timer) throw new Error("a lease while the keep-alive timer runs");
    this.waiting.delete(request);
    runner.lastUse = ++this.#clock;
    if (waiter.tokenizeOnly) {
      runner.tokenizers++;
      return;
    }
    this.#checkTurn(request, waiter, before);
    runner.leases.push(request);
    if (runner.leases.length > runner.parallel) throw new Error("more leases than slots");
  }

  /** Of one caller, no request that came before it, is as urgent and could have had the slot still waits. */
  #checkTurn(request: number, { caller, key }: ModelWaiter, before: State): void {
    const resident = this.state.residents.find(({ spec }) => spec.weightsDigest === key)!;
    const overtakes = before.waiters.find(({ id }) => id === request)?.overtakes ?? 0;
    const urgent = isUrgent({ batch: this.#asks.get(request)?.batch ?? false, overtakes });
    for (const other of this.state.waiters) {
      if (!couldHave(resident, other) || other.tokenizeOnly) continue;
      const wasUrgent = isUrgent(before.waiters.find(({ id }) => id === other.id) ?? other);
      if (wasUrgent && !urgent) throw new Error("a batch before an interactive request");
      if (other.caller === caller && other.id < request && wasUrgent === urgent)
        throw new Error("out of turn within one caller");
    }
  }

  #stop(id: number, reason: string): void {
    const runner = this.runner(id);
    if (runner.phase === "stopping") throw new Error("stopped twice");
    if (runner.leases.length + runner.tokenizers > 0 && !this.#down)
      throw new Error("stopped while it works");
    if (reason === "evict") this.#checkVictim(runner);
    runner.phase = "stopping";
  }

  /** No other model that was as free to go, and as large, has been idle for longer. */
  #checkVictim(victim: ModelRunner): void {
    if (!victim.timer) return;
    for (const other of this.runners.values()) {
      if (other.timer && other.bytes === victim.bytes && other.lastUse < victim.lastUse)
        throw new Error("not the least recently used");
    }
  }

  #check(): void {
    const keys = this.state.residents.map(({ spec }) => spec.weightsDigest);
    if (new Set(keys).size !== keys.length) throw new Error("the same weights twice");
    if (this.state.residents.length !== this.runners.size)
      throw new Error("the state does not match the runners");
    if (this.state.waiters.length !== this.waiting.size)
      throw new Error("the state does not match the waiters");
    const resuming = [...this.waiting.values()].filter(({ resumes }) => resumes !== undefined).length;
    if (this.waiting.size - resuming > this.#limits.maxQueue + this.#limits.maxLoaded)
      throw new Error("the queue is too long");
    this.#checkCallers();
    for (const resident of this.state.residents) this.#checkServed(resident);
  }

  /** Every caller that waits is in the ring once, and the ring does not grow without bound. */
  #checkCallers(): void {
    const ring = this.state.callers.map(({ id }) => id);
    if (new Set(ring).size !== ring.length) throw new Error("a caller twice in the ring");
    for (const { caller } of this.waiting.values())
      if (!ring.includes(caller)) throw new Error("a caller that waits has no turn");
    const active = [...this.runners.values()].some(({ leases }) => leases.length > 0);
    if (this.waiting.size === 0 && !active && ring.length > 0) throw new Error("a caller is not forgotten");
  }

  /** A free slot is not kept from a request that needs nothing else; an idle model has a timer, is pinned, or ends. */
  #checkServed(resident: Resident): void {
    const runner = this.runner(resident.id);
    if (resident.drains.length > this.waiting.size + 1) throw new Error("drains pile up");
    if (runner.phase !== "ready") return;
    const able = this.state.waiters.filter((waiter) => couldHave(resident, waiter));
    if (able.some(({ tokenizeOnly }) => tokenizeOnly))
      throw new Error("the vocabulary is there and somebody waits for it");
    // Of several slots batches leave one.
    const batches = runner.leases.filter((request) => this.#asks.get(request)?.batch).length;
    const mayHave = able.filter((waiter) => !waiter.batch || batches < Math.max(1, runner.parallel - 1));
    if (mayHave.length > 0 && runner.leases.length < runner.parallel)
      throw new Error("a free slot and nobody served");
    const pinned = resident.keepAlive === Number.POSITIVE_INFINITY;
    if (runner.leases.length + runner.tokenizers + able.length === 0 && !runner.timer && !pinned)
      throw new Error("idle without a timer");
  }
}

/** Could this runner take that request, had it a free slot? */
function couldHave(resident: Resident, waiter: State["waiters"][number]): boolean {
  if (waiter.resumes !== undefined) return waiter.resumes === resident.id;
  const open = resident.drains.every(({ from }) => waiter.id < from);
  const same = resident.spec.weightsDigest === waiter.spec.weightsDigest;
  const compatible = waiter.tokenizeOnly || launchDifferences(resident.launch, waiter.launch).length === 0;
  return same && open && compatible;
}
