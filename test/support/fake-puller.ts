import type { Freshness, ModelPull, Puller, PullReport, PullStatus } from "../../src/registry/puller.ts";
import type { Prunable } from "../../src/store/prune.ts";

/** Pulls nothing; says what it is told to say and records what it was asked. */
export class FakePuller implements Puller {
  readonly pulled: ModelPull[] = [];
  readonly removed: number[] = [];
  /** What `pull` reports before it ends with `success`. */
  progress: PullStatus[] = [{ status: "pulling manifest" }];
  /** Called, or thrown, before `success`. */
  onPull: (request: ModelPull) => void = () => {};
  reports: PullReport[] = [];
  prunable: Prunable[] = [];
  readonly pruned: boolean[] = [];
  freshness = new Map<string, Freshness>();

  async *pull(request: ModelPull): AsyncGenerator<PullStatus> {
    this.pulled.push(request);
    yield* this.progress;
    this.onPull(request);
    yield { status: "success" };
  }

  list(): PullReport[] {
    return this.reports;
  }

  async remove(id: number): Promise<boolean> {
    this.removed.push(id);
    return this.reports.some((report) => report.id === id);
  }

  prune(dryRun: boolean): Prunable[] {
    this.pruned.push(dryRun);
    return this.prunable;
  }

  async check({ name }: ModelPull): Promise<Freshness | undefined> {
    return this.freshness.get(name.model);
  }
}
