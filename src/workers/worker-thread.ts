import { AppError } from "../lib/errors.ts";
import type { JobName, Order, Outcome } from "./jobs.ts";

const PROGRAM = new URL("./worker.ts", import.meta.url).href;

/** Most bytes that the process may grow by while a job runs; what a job keeps is bounded by what it pays, but not exactly. */
const MOST_GROWTH = 256 * 1024 * 1024;
const WATCH_MS = 20;

export type Ended = "time" | "memory" | "stopped" | "crashed";

/** A job was ended from outside. */
export class JobEnded extends Error {
  readonly why: Ended;

  constructor(why: Ended) {
    super(`the worker was ended: ${why}`);
    this.why = why;
  }
}

/** One thread that runs jobs one by one. Ending it stops it within milliseconds, whatever it is doing. */
export class WorkerThread {
  readonly #worker = new Worker(PROGRAM, { smol: true });
  #end: (why: Ended) => void = () => {};

  constructor() {
    // Neither waiting for work nor work keeps the process alive.
    this.#worker.unref();
  }

  /**
   * @param limitMs longest that it may run.
   * @throws JobEnded; the thread is gone then.
   */
  async run<Name extends JobName>(order: Order<Name>, limitMs: number): Promise<Outcome<Name>> {
    const started = process.memoryUsage.rss();
    const { promise, resolve, reject } = Promise.withResolvers<Outcome<Name>>();
    this.#end = (why) => {
      this.#worker.terminate();
      reject(new JobEnded(why));
    };
    const deadline = setTimeout(() => this.#end("time"), limitMs);
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - started > MOST_GROWTH) this.#end("memory");
    }, WATCH_MS);
    this.#worker.onmessage = ({ data }: MessageEvent<Outcome<Name>>) => resolve(data);
    this.#worker.onerror = ({ message }) => reject(new AppError("internal", message));
    this.#worker.addEventListener("close", () => reject(new JobEnded("crashed")));
    try {
      this.#worker.postMessage(order);
      return await promise;
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
    }
  }

  /** Ends the thread and the job under way. */
  stop(): void {
    this.#end("stopped");
    this.#worker.terminate();
  }
}
