import type { LoadOptions } from "../../src/engine/port.ts";
import { decide } from "../../src/engine/scheduler/decide.ts";
import { resolveLaunch } from "../../src/engine/scheduler/policy.ts";
import {
  type Effect,
  initialState,
  type Limits,
  type SchedulerEvent,
  type State,
} from "../../src/engine/scheduler/state.ts";
import { AppError } from "../../src/lib/errors.ts";
import { infoFor, LAUNCH_DEFAULTS, specFor } from "./engine-fixtures.ts";

export interface Ask {
  options?: LoadOptions;
  keepAlive?: number;
  parallel?: number;
  contextLength?: number;
  tokenizeOnly?: boolean;
}

/** Plays events to the scheduler's decisions. Every method returns the effects, each as a short text; requests count from 1. */
export class SchedulerStory {
  state: State;
  now = 1000;
  #requests = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.state = initialState({ maxLoaded: 1, maxQueue: 512, keepAlive: 300_000, ...limits });
  }

  request(
    model: string,
    { options = {}, keepAlive, parallel = 1, contextLength = 4096, tokenizeOnly = false }: Ask = {},
  ): string[] {
    const spec = specFor(model, options);
    const launch = resolveLaunch(spec, { ...LAUNCH_DEFAULTS, numParallel: parallel, contextLength });
    const id = ++this.#requests;
    return this.play({
      type: "request",
      id,
      spec,
      launch,
      tokenizeOnly,
      ...(keepAlive === undefined ? {} : { keepAlive }),
    });
  }

  ready(runner: number): string[] {
    const resident = this.state.residents.find(({ id }) => id === runner);
    if (resident === undefined) throw new Error(`no runner ${runner}`);
    const info = infoFor(resident.launch.contextLength, resident.launch.parallel);
    return this.play({ type: "ready", runner, info });
  }

  gone(runner: number, { outOfMemory = false } = {}): string[] {
    return this.play({ type: "gone", runner, error: new AppError("engine", "it broke"), outOfMemory });
  }

  release = (runner: number): string[] => this.play({ type: "release", runner, tokenizeOnly: false });
  handBack = (runner: number): string[] => this.play({ type: "release", runner, tokenizeOnly: true });
  cancel = (id: number): string[] => this.play({ type: "cancel", id });
  expire = (runner: number): string[] => this.play({ type: "expire", runner });
  unload = (model: string): string[] => this.play({ type: "unload", weights: specFor(model).weightsDigest });
  shutdown = (): string[] => this.play({ type: "shutdown" });

  /** Loads a model and leaves it idle. */
  loadIdle(model: string, ask: Ask = {}): void {
    this.request(model, ask);
    const runner = this.state.lastRunner;
    this.ready(runner);
    this.release(runner);
  }

  play(event: SchedulerEvent): string[] {
    const { state, effects } = decide(this.state, event, this.now);
    this.state = state;
    return effects.map(textOf);
  }
}

function textOf(effect: Effect): string {
  switch (effect.type) {
    case "grant":
      return `grant ${effect.request} on ${effect.runner}`;
    case "reject":
      return `reject ${effect.request}: ${effect.error.message}`;
    case "load":
      return `load ${effect.spec.name.replace(":latest", "")} as ${effect.runner} (${effect.launch.contextLength})`;
    case "stop":
      return `stop ${effect.runner}: ${[effect.reason, ...(effect.options ?? [])].join(" ")}`;
    case "set_timer":
      return `timer ${effect.runner} ${effect.ms}`;
    case "clear_timer":
      return `no timer ${effect.runner}`;
  }
}
