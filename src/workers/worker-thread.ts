import { AppError } from "../lib/errors.ts";
import type { JobName, JobOutcome, Order } from "./jobs.ts";
import { threadMillis } from "./thread-time.ts";

const PROGRAM = new URL("./worker.ts", import.meta.url).href;

/** Most bytes that the process may grow by while a job runs: the budget bounds the memory of a job only roughly. */
const MOST_GROWTH = 256 * 1024 * 1024;
const WATCH_MS = 20;

/** On a busy machine a job gets little of a processor, so this many times its limit may pass while it computes for less. */
const MOST_WAITING = 10;
/** The same where the system does not tell how long a thread computes. */
const MOST_WAITING_UNTOLD = 2;

export type Ended = "time" | "memory" | "stopped" | "crashed";

/** A job was ended from outside. */
export class JobEnded extends Error {
  readonly why: Ended;

  constructor(why: Ended) {
    super(`the worker was ended: ${why}`);
    this.why = why;
  }
}

/** A worker has taken up its job. */
interface Begun {
  type: "begun";
  thread: string | undefined;
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
   * @param limitMs most milliseconds of processor time of the job; where the system does not tell it, of elapsed time.
   * @throws JobEnded when the job was ended; the thread is gone then.
   */
  async run<Name extends JobName>(order: Order<Name>, limitMs: number): Promise<JobOutcome<Name>> {
    const { promise, resolve, reject } = Promise.withResolvers<JobOutcome<Name>>();
    this.#end = (why) => {
      this.#worker.terminate();
      reject(new JobEnded(why));
    };
    const watch = new Watch(limitMs);
    const watching = setInterval(() => {
      const why = watch.exceeded();
      if (why !== undefined) this.#end(why);
    }, WATCH_MS);
    this.#worker.onmessage = ({ data }: MessageEvent<JobOutcome<Name> | Begun>) => {
      if (data.type === "begun") watch.begin(data.thread);
      else resolve(data);
    };
    this.#worker.onerror = ({ message }) => reject(new AppError("internal", message));
    this.#worker.addEventListener("close", () => reject(new JobEnded("crashed")));
    try {
      this.#worker.postMessage(order);
      return await promise;
    } finally {
      clearInterval(watching);
    }
  }

  /** Ends the thread and the job under way. */
  stop(): void {
    this.#end("stopped");
    this.#worker.terminate();
  }
}

/** Watches the time and the memory that a job has taken since it was begun. */
class Watch {
  readonly #limitMs: number;
  readonly #memory = process.memoryUsage.rss();
  #started = performance.now();
  #thread: string | undefined;
  #computed: number | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  begin(thread: string | undefined): void {
    this.#started = performance.now();
    this.#thread = thread;
    this.#computed = threadMillis(thread);
  }

  exceeded(): "time" | "memory" | undefined {
    if (process.memoryUsage.rss() - this.#memory > MOST_GROWTH) return "memory";
    const computed = threadMillis(this.#thread);
    const isTold = computed !== undefined && this.#computed !== undefined;
    if (isTold && computed - this.#computed! > this.#limitMs) return "time";
    const most = this.#limitMs * (isTold ? MOST_WAITING : MOST_WAITING_UNTOLD);
    return performance.now() - this.#started > most ? "time" : undefined;
  }
}
