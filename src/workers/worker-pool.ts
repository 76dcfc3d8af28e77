import { availableParallelism } from "node:os";
import { AppError } from "../lib/errors.ts";
import type { JobName, JobOutcome, Order } from "./jobs.ts";
import { JobEnded, WorkerThread } from "./worker-thread.ts";

/** One processor is left for the server itself. */
const MOST_WORKERS = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Jobs that wait for a worker. */
const MOST_WAITING = 32;
/** Jobs take tenths of a second; in a whole second several will have ended. */
const RETRY_S = 1;
/** How long a worker without work is kept: it holds some 20 MB. */
const IDLE_MS = 30_000;

/** A few threads for jobs that are too long for the server's own, started when they are needed. */
export class WorkerPool implements Disposable {
  readonly #idle: WorkerThread[] = [];
  readonly #waiting: PromiseWithResolvers<WorkerThread>[] = [];
  readonly #all = new Set<WorkerThread>();
  #idleTimer: Timer | undefined;

  /**
   * @throws AppError `busy` when too many jobs wait already.
   * @throws JobEnded when the job was ended: it took too long or too much memory, or the pool was disposed.
   */
  async run<Name extends JobName>(order: Order<Name>): Promise<JobOutcome<Name>> {
    const worker = await this.#take();
    let usable = false;
    try {
      // Not loaded at the start: see on-demand.ts.
      const { JOBS } = await import("./jobs.ts");
      const outcome = await worker.run(order, JOBS[order.name].limitMs);
      usable = true;
      return outcome;
    } finally {
      this.#give(worker, usable);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#idleTimer);
    for (const { reject } of this.#waiting.splice(0)) reject(new JobEnded("stopped"));
    for (const worker of this.#all) worker.stop();
  }

  async #take(): Promise<WorkerThread> {
    clearTimeout(this.#idleTimer);
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.size < MOST_WORKERS) return this.#start();
    if (this.#waiting.length >= MOST_WAITING) {
      throw new AppError("busy", "server busy, please try again", { retryAfter: RETRY_S });
    }
    const turn = Promise.withResolvers<WorkerThread>();
    this.#waiting.push(turn);
    return turn.promise;
  }

  #start(): WorkerThread {
    const worker = new WorkerThread();
    this.#all.add(worker);
    return worker;
  }

  #give(worker: WorkerThread, usable: boolean): void {
    if (!usable) {
      worker.stop();
      this.#all.delete(worker);
    }
    const next = this.#waiting.shift();
    if (next !== undefined) next.resolve(usable ? worker : this.#start());
    else if (usable) this.#idle.push(worker);
    if (this.#idle.length === this.#all.size) this.#retireLater();
  }

  #retireLater(): void {
    this.#idleTimer = setTimeout(() => {
      for (const worker of this.#idle.splice(0)) {
        worker.stop();
        this.#all.delete(worker);
      }
    }, IDLE_MS);
    this.#idleTimer.unref();
  }
}
