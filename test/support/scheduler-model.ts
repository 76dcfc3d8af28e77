import { decide } from "../../src/engine/scheduler/decide.ts";
import { launchDifferences, resolveLaunch } from "../../src/engine/scheduler/policy.ts";
import {
  type Effect,
  initialState,
  type Limits,
  type SchedulerEvent,
  type State,
} from "../../src/engine/scheduler/state.ts";
import type { Digest } from "../../src/lib/digest.ts";
import { AppError } from "../../src/lib/errors.ts";
import { infoFor, LAUNCH_DEFAULTS, specFor } from "./engine-fixtures.ts";

interface ModelRunner {
  key: Digest;
  parallel: number;
  contextLength: number;
  phase: "loading" | "ready" | "stopping";
  leases: number;
  tokenizers: number;
  lastUse: number;
  timer: boolean;
}

export interface Ask {
  model: number;
  numCtx: number | undefined;
  keepAlive: number | undefined;
  tokenizeOnly: boolean;
}

/**
 * A world in which the scheduler's effects come true, with books of its own. It throws as soon as an effect breaks a rule, and it knows
 * what may happen next.
 */
export class SchedulerModel {
  state: State;
  readonly runners = new Map<number, ModelRunner>();
  readonly waiting = new Map<number, { key: Digest; tokenizeOnly: boolean }>();
  readonly #limits: Limits;
  readonly #parallel: number;
  readonly #lastGranted = new Map<Digest, number>();
  #requests = 0;
  #clock = 0;
  #down = false;

  constructor(limits: Limits, parallel: number) {
    this.#limits = limits;
    this.#parallel = parallel;
    this.state = initialState(limits);
  }

  request({ model, numCtx, keepAlive, tokenizeOnly }: Ask): void {
    const spec = specFor(`model-${model}`, numCtx === undefined ? {} : { numCtx });
    const launch = resolveLaunch(spec, {
      ...LAUNCH_DEFAULTS,
      contextLength: 8192,
      numParallel: this.#parallel,
    });
    const id = ++this.#requests;
    this.waiting.set(id, { key: spec.weightsDigest, tokenizeOnly });
    const said = keepAlive === undefined ? {} : { keepAlive };
    this.#play({ type: "request", id, spec, launch, tokenizeOnly, ...said });
  }

  cancel(id: number): void {
    this.waiting.delete(id);
    this.#play({ type: "cancel", id });
  }

  ready(id: number): void {
    const runner = this.runner(id);
    runner.phase = "ready";
    this.#play({ type: "ready", runner: id, info: infoFor(runner.contextLength, runner.parallel) });
  }

  release(id: number): void {
    const runner = this.runner(id);
    runner.leases--;
    runner.lastUse = ++this.#clock;
    this.#play({ type: "release", runner: id, tokenizeOnly: false });
  }

  handBack(id: number): void {
    const runner = this.runner(id);
    runner.tokenizers--;
    runner.lastUse = ++this.#clock;
    this.#play({ type: "release", runner: id, tokenizeOnly: true });
  }

  gone(id: number, outOfMemory: boolean): void {
    const { timer } = this.runner(id);
    this.runners.delete(id);
    const effects = this.#play({
      type: "gone",
      runner: id,
      error: new AppError("engine", "gone"),
      outOfMemory,
    });
    const cleared = effects.some((effect) => effect.type === "clear_timer" && effect.runner === id);
    if (timer !== cleared) throw new Error(`the timer of dead runner ${id} runs on`);
    this.#play({ type: "release", runner: id, tokenizeOnly: outOfMemory });
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

  #play(event: SchedulerEvent): Effect[] {
    const { state, effects } = decide(this.state, event, ++this.#clock);
    this.state = state;
    const dead = event.type === "gone" ? event.runner : undefined;
    for (const effect of effects) {
      if (effect.type !== "clear_timer" || effect.runner !== dead) this.#perform(effect);
    }
    this.#check();
    return effects;
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "load":
        if (this.runners.size >= this.#limits.maxLoaded) throw new Error("more models than may be loaded");
        this.runners.set(effect.runner, {
          key: effect.spec.weightsDigest,
          parallel: effect.launch.parallel,
          contextLength: effect.launch.contextLength,
          phase: "loading",
          leases: 0,
          tokenizers: 0,
          lastUse: ++this.#clock,
          timer: false,
        });
        return;
      case "grant":
        this.#grant(effect.request, effect.runner);
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

  #grant(request: number, id: number): void {
    const runner = this.runner(id);
    const waiter = this.waiting.get(request);
    if (waiter === undefined) throw new Error(`${request} was not waiting`);
    if (runner.phase !== "ready") throw new Error(`a lease on a runner that is ${runner.phase}`);
    if (waiter.key !== runner.key) throw new Error("a lease on another model");
    if (runner.timer) throw new Error("a lease while the keep-alive timer runs");
    this.waiting.delete(request);
    runner.lastUse = ++this.#clock;
    if (waiter.tokenizeOnly) {
      runner.tokenizers++;
      return;
    }
    if ((this.#lastGranted.get(runner.key) ?? 0) > request) throw new Error("out of turn within one model");
    this.#lastGranted.set(runner.key, request);
    runner.leases++;
    if (runner.leases > runner.parallel) throw new Error("more leases than slots");
  }

  #stop(id: number, reason: string): void {
    const runner = this.runner(id);
    if (runner.phase === "stopping") throw new Error("stopped twice");
    if (runner.leases + runner.tokenizers > 0 && !this.#down) throw new Error("stopped while it works");
    if (reason === "evict") this.#checkVictim(runner);
    runner.phase = "stopping";
  }

  /** No other model that was as free to go has been idle for longer. */
  #checkVictim(victim: ModelRunner): void {
    if (!victim.timer) return;
    for (const other of this.runners.values()) {
      if (other.timer && other.lastUse < victim.lastUse) throw new Error("not the least recently used");
    }
  }

  #check(): void {
    const keys = this.state.residents.map(({ spec }) => spec.weightsDigest);
    if (new Set(keys).size !== keys.length) throw new Error("the same weights twice");
    if (this.state.residents.length !== this.runners.size)
      throw new Error("the books do not match the runners");
    if (this.state.waiters.length !== this.waiting.size)
      throw new Error("the books do not match the waiters");
    if (this.waiting.size > this.#limits.maxQueue + this.#limits.maxLoaded)
      throw new Error("the queue is too long");
    for (const resident of this.state.residents) this.#checkServed(resident.id);
  }

  /** A free slot is not kept from whoever is next and needs nothing else; an idle model has a timer, is pinned, or ends. */
  #checkServed(id: number): void {
    const resident = this.state.residents.find((candidate) => candidate.id === id)!;
    const runner = this.runner(id);
    if (resident.drains.length > this.waiting.size + 1) throw new Error("drains pile up");
    if (runner.phase !== "ready") return;
    const waiters = this.state.waiters.filter(({ spec }) => spec.weightsDigest === runner.key);
    const before = (id: number) => resident.drains.every(({ from }) => id < from);
    if (waiters.some(({ id, tokenizeOnly }) => tokenizeOnly && before(id)))
      throw new Error("the vocabulary is there and somebody waits for it");
    const next = waiters.find(({ tokenizeOnly }) => !tokenizeOnly);
    const open = before(next?.id ?? 0);
    const compatible = next !== undefined && launchDifferences(resident.launch, next.launch).length === 0;
    if (compatible && open && runner.leases < runner.parallel)
      throw new Error("a free slot and nobody served");
    const pinned = resident.keepAlive === Number.POSITIVE_INFINITY;
    if (runner.leases + runner.tokenizers === 0 && !runner.timer && !pinned)
      throw new Error("idle without a timer");
  }
}
