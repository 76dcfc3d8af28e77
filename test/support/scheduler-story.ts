import { resolveLaunch } from "../../src/engine/launch.ts";
import type { LoadOptions } from "../../src/engine/port.ts";
import { decide } from "../../src/engine/scheduler/decide.ts";
import { initialState, type SchedulerLimits, type State } from "../../src/engine/scheduler/state.ts";
import type { Effect, SchedulerEvent } from "../../src/engine/scheduler/transition.ts";
import { AppError } from "../../src/lib/errors.ts";
import { infoFor, LAUNCH_DEFAULTS, specFor } from "./engine-fixtures.ts";

export interface Ask {
  options?: LoadOptions;
  keepAlive?: number;
  parallel?: number;
  contextLength?: number;
  tokenizeOnly?: boolean;
  caller?: string;
  batch?: boolean;
  /** Bytes of the weights. */
  bytes?: number;
}

/** Plays events to the scheduler's decisions. Every method returns the effects, each as a short text; requests count from 1. */
export class SchedulerStory {
  state: State;
  now = 1000;
  availableBytes = Number.POSITIVE_INFINITY;
  /** What each rejected request was told. */
  readonly errors = new Map<number, AppError>();
  #requests = 0;

  constructor(limits: Partial<SchedulerLimits> = {}) {
    this.state = initialState({ maxLoaded: 1, maxQueue: 512, keepAlive: 300_000, ...limits });
  }

  request(
    model: string,
    { options = {}, parallel = 1, contextLength = 4096, bytes = 1000, ...ask }: Ask = {},
  ): string[] {
    const spec = specFor(model, options, { weightsBytes: bytes });
    const launch = resolveLaunch(spec, { ...LAUNCH_DEFAULTS, numParallel: parallel, contextLength });
    const id = ++this.#requests;
    return this.play({
      type: "request",
      id,
      spec,
      launch,
      caller: "",
      batch: false,
      tokenizeOnly: false,
      ...ask,
    });
  }

  ready(runner: number): string[] {
    const { launch, spec } = this.#resident(runner);
    const info = { ...infoFor(launch.contextLength, launch.parallel), sizeBytes: spec.weightsBytes };
    return this.play({ type: "ready", runner, info });
  }

  gone(runner: number, { outOfMemory = false } = {}): string[] {
    return this.play({ type: "gone", runner, error: new AppError("engine", "it broke"), outOfMemory });
  }

  /** @param request default: the one that has had its slot for longest. */
  release(runner: number, request = this.#oldest(runner)): string[] {
    return this.play({ type: "release", runner, request, tokenizeOnly: false });
  }

  /** The batch that has had its slot for longest lets others have it. */
  giveWay(runner: number): string[] {
    const { spec, launch, leases } = this.#resident(runner);
    const { request: id, caller, batch } = leases[0]!;
    return this.play({ type: "yield", runner, waiter: { id, spec, launch, caller, batch } });
  }

  handBack = (runner: number): string[] =>
    this.play({ type: "release", runner, request: 0, tokenizeOnly: true });
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

  #resident(runner: number) {
    const resident = this.state.residents.find(({ id }) => id === runner);
    if (resident === undefined) throw new Error(`no runner ${runner}`);
    return resident;
  }

  #oldest = (runner: number): number =>
    this.state.residents.find(({ id }) => id === runner)?.leases[0]?.request ?? 0;

  play(event: SchedulerEvent): string[] {
    const { now, availableBytes } = this;
    const { state, effects } = decide(this.state, event, { now, availableBytes });
    this.state = state;
    for (const effect of effects) if (effect.type === "reject") this.errors.set(effect.request, effect.error);
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
