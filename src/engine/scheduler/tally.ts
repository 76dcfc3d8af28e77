import type { Digest } from "../../lib/digest.ts";
import type { EngineTotals } from "../totals.ts";
import type { RunnerId, StopReason } from "./state.ts";

/** A runner between its start and its end. */
interface Run {
  weights: Digest;
  ready: boolean;
  asked: boolean;
}

/** Counts what becomes of runners. */
export class Tally {
  readonly #totals: EngineTotals = {
    loads: 0,
    loadSeconds: 0,
    failedLoads: 0,
    unloads: {},
    crashes: 0,
    restarts: 0,
  };
  readonly #runs = new Map<RunnerId, Run>();
  /** Weights whose runner has died unasked and was not started again since. */
  readonly #crashed = new Set<Digest>();

  started(id: RunnerId, weights: Digest): void {
    if (this.#crashed.delete(weights)) this.#totals.restarts += 1;
    this.#runs.set(id, { weights, ready: false, asked: false });
  }

  loaded(id: RunnerId, seconds: number): void {
    this.#totals.loads += 1;
    this.#totals.loadSeconds += seconds;
    this.#change(id, { ready: true });
  }

  stopped(id: RunnerId, reason: StopReason): void {
    this.#totals.unloads[reason] = (this.#totals.unloads[reason] ?? 0) + 1;
    this.#change(id, { asked: true });
  }

  gone(id: RunnerId): void {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    if (run === undefined || run.asked) return;
    if (!run.ready) {
      this.#totals.failedLoads += 1;
      return;
    }
    this.#totals.crashes += 1;
    this.#crashed.add(run.weights);
  }

  get totals(): EngineTotals {
    return structuredClone(this.#totals);
  }

  #change(id: RunnerId, change: Partial<Run>): void {
    const run = this.#runs.get(id);
    if (run !== undefined) this.#runs.set(id, { ...run, ...change });
  }
}
