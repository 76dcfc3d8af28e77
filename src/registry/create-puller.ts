import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { AppError, type ErrorKind } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { withoutPaths } from "../lib/without-paths.ts";
import { shortName } from "../models/name.ts";
import { parseManifest } from "../store/manifest.ts";
import type { Prunable } from "../store/prune.ts";
import type { PullRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { checkFreshness } from "./check-freshness.ts";
import { type BlobProgress, PullTransfer } from "./progress.ts";
import type { ModelPull, Puller, PullReport, PullStatus } from "./puller.ts";
import { requestKey } from "./request-key.ts";
import { type PullDeps, runPull, wantedLayers } from "./run-pull.ts";
import type { SessionDeps } from "./session.ts";
import { DEFAULT_SETTINGS, type DownloadSettings } from "./settings.ts";
import { followTransfer } from "./shared-transfer.ts";
import { SharedWork } from "./shared-work.ts";
import { Slots } from "./slots.ts";

export interface PullerOptions {
  store: Store;
  clock: Clock;
  logger: Logger;
  session: SessionDeps;
  settings?: DownloadSettings;
  /** See Config.draftModels. Default false. */
  draftModels?: boolean;
}

/** Failures after which the fetched bytes are kept, if the manifest had been fetched. */
const RESUMABLE: readonly ErrorKind[] = ["cancelled", "upstream", "no_space", "read_only", "busy"];

/** Disposing the puller pauses every pull and waits until their progress is noted. */
export function createPuller(options: PullerOptions): Puller & AsyncDisposable {
  return new RegistryPuller(options);
}

class RegistryPuller implements Puller, AsyncDisposable {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #deps: PullDeps;
  readonly #pulls = new SharedWork<PullTransfer>();
  readonly #keys = new Map<number, string>();

  constructor(options: PullerOptions) {
    const { store, clock, logger, session, settings = DEFAULT_SETTINGS, draftModels = false } = options;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    const slots = new Slots(settings.connections);
    const downloads = new SharedWork<BlobProgress>();
    this.#deps = { store, clock, slots, settings, session, downloads, draftModels };
  }

  pull(request: ModelPull, signal: AbortSignal): AsyncGenerator<PullStatus> {
    const key = requestKey(request);
    const transfer = {
      works: this.#pulls,
      clock: this.#clock,
      verb: "pulling",
      key,
      create: () => new PullTransfer(),
      run: (progress: PullTransfer, stop: AbortSignal) => this.#run(key, request, progress, stop),
    };
    return followTransfer(transfer, signal);
  }

  list(): PullReport[] {
    return this.#store.pulls.list().map((row) => this.#report(row));
  }

  async remove(id: number): Promise<boolean> {
    const key = this.#keys.get(id);
    if (key !== undefined) await this.#pulls.abort(key, new AppError("cancelled", "the pull was removed"));
    if (this.#store.pulls.find(id) === undefined) return false;
    this.#store.partials.remove(this.#store.pulls.remove(id));
    return true;
  }

  prune(dryRun: boolean): Prunable[] {
    return this.#store.prune(dryRun);
  }

  check(request: ModelPull, signal: AbortSignal) {
    return checkFreshness(this.#store, this.#deps.session, request, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pulls.abortAll(new AppError("cancelled", "the server is stopping"));
  }

  async #run(key: string, request: ModelPull, progress: PullTransfer, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const id = this.#store.pulls.begin(request.name);
    this.#keys.set(id, key);
    const model = shortName(request.name);
    try {
      await runPull(this.#deps, id, request, progress, signal);
      this.#store.pulls.end(id, "done");
      progress.addStatus("success");
      this.#logger.info("pulled", { model, bytes: progress.total });
    } catch (error) {
      const { kind, message } = AppError.from(error);
      const begun = RESUMABLE.includes(kind) && this.#store.pulls.find(id)?.manifest !== null;
      this.#store.pulls.end(id, signal.aborted || begun ? "paused" : "failed", withoutPaths(message));
      this.#logger.warn("pull ended", { model, error: message });
      throw error;
    } finally {
      this.#keys.delete(id);
    }
  }

  #report(row: PullRow): PullReport {
    const { id, host, namespace, model, tag, state, error, startedAt, updatedAt } = row;
    const progress = this.#active(id);
    const { total, completed } = progress?.blobs.length ? progress : this.#counted(row);
    return {
      id,
      model: shortName({ host, namespace, model, tag }),
      state,
      total,
      completed,
      rate: progress?.rate(this.#clock.now()) ?? 0,
      ...defined({ error: error ?? undefined }),
      startedAt,
      updatedAt,
    };
  }

  #active(id: number): PullTransfer | undefined {
    const key = this.#keys.get(id);
    return key === undefined ? undefined : this.#pulls.get(key);
  }

  /** The bytes of a pull that is not under way in this process, by the books. */
  #counted({ manifest, state }: PullRow): { total: number; completed: number } {
    if (manifest === null) return { total: 0, completed: 0 };
    const unique = wantedLayers(this.#deps, parseManifest(manifest)).layers;
    const total = unique.reduce((sum, { size }) => sum + size, 0);
    if (state === "done") return { total, completed: total };
    const completed = unique.reduce(
      (sum, { digest }) => sum + (this.#store.blobs.size(digest) ?? this.#store.partials.bytesDone(digest)),
      0,
    );
    return { total, completed };
  }
}
