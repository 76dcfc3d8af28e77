import type { Digest } from "../lib/digest.ts";

/** Wakes all that wait for the next change. */
class Changes {
  #next = Promise.withResolvers<void>();

  notify(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Resolves at the next change after the call. */
  next(): Promise<void> {
    return this.#next.promise;
  }
}

/** How far one blob is, for all who wait for it. */
export class BlobProgress {
  readonly digest: Digest;
  readonly total: number;
  completed = 0;
  /** `ready`: the blob is in the store (or, of a push, in the registry). */
  phase: "fetching" | "verifying" | "ready" = "fetching";
  readonly #listeners = new Set<() => void>();

  constructor(digest: Digest, total: number) {
    this.digest = digest;
    this.total = total;
  }

  /** Calls `listener` at every change. @returns how to stop that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  advance(completed: number): void {
    this.completed = completed;
    if (completed < this.total) this.phase = "fetching";
    this.#tell();
  }

  verify(): void {
    this.phase = "verifying";
    this.#tell();
  }

  finish(): void {
    this.completed = this.total;
    this.phase = "ready";
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const WINDOW_MS = 10_000;
const SAMPLE_MS = 1000;

/** How far a pull or push is. It is a state and not a stream of events: any number of clients reads it, each at its own pace. */
export class TransferProgress {
  readonly changes = new Changes();
  /** Lines of status so far, without those about blobs. */
  readonly statuses: string[] = [];
  /** In the manifest's order; empty until it is there. */
  blobs: readonly BlobProgress[] = [];
  readonly #samples: { at: number; completed: number }[] = [];

  addStatus(status: string): void {
    if (this.statuses.includes(status)) return;
    this.statuses.push(status);
    this.changes.notify();
  }

  get total(): number {
    return this.blobs.reduce((sum, { total }) => sum + total, 0);
  }

  get completed(): number {
    return this.blobs.reduce((sum, { completed }) => sum + completed, 0);
  }

  /** Called at changes of a blob; `now` in milliseconds. */
  changed(now: number): void {
    const last = this.#samples.at(-1);
    if (last === undefined || now - last.at >= SAMPLE_MS) {
      this.#samples.push({ at: now, completed: this.completed });
      while (this.#samples.length > 1 && now - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift();
    }
    this.changes.notify();
  }

  /** Bytes a second over the last ten seconds; 0 while nothing is known. */
  rate(now: number): number {
    const first = this.#samples[0];
    if (first === undefined || now <= first.at) return 0;
    return Math.max(0, Math.round(((this.completed - first.completed) / (now - first.at)) * 1000));
  }
}

export class PullTransfer extends TransferProgress {
  override changed(now: number): void {
    if (this.blobs.length > 0 && this.blobs.every(({ phase }) => phase !== "fetching")) {
      this.addStatus("verifying sha256 digest");
    }
    super.changed(now);
  }
}
