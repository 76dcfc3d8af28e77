import type { Clock } from "../../lib/clock.ts";
import type { AppError } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { Watchdog } from "../../lib/watchdog.ts";
import type { CacheUse, LoadedInfo } from "../port.ts";
import { type FromRunner, LOAD_STEP, type RunnerLoad } from "../protocol.ts";
import {
  crashed,
  endedLoading,
  isOutOfMemory,
  loadFailed,
  loadStalled,
  spawnFailed,
  unresponsive,
} from "./failure.ts";
import { HangWatch } from "./hang-watch.ts";
import type { RunnerExit, RunnerListener, RunnerProcess, SpawnRunner } from "./process.ts";
import { RecentLines } from "./recent-lines.ts";
import { Requests } from "./requests.ts";

export interface RunnerOptions {
  /** Tag of the model, for messages and log lines. */
  name: string;
  load: RunnerLoad;
  spawn: SpawnRunner;
  clock: Clock;
  loadTimeoutMs: number;
  logger: Logger;
  onReady(info: LoadedInfo): void;
  /** Once, when no process is left. Called before the requests under way fail with `error`. */
  onGone(error: AppError, outOfMemory: boolean): void;
}

/** One runner process from its start to its end: loading, calls, and the error that explains its death. */
export class Runner implements RunnerListener {
  readonly requests = new Requests(
    (message) => this.#process?.send(message),
    () => this.#hangWatch.begin(),
  );
  readonly #options: RunnerOptions;
  /** Ends the process when its load makes no progress. */
  readonly #watchdog: Watchdog;
  /** Ends the process when it no longer works although it has calls to answer. */
  readonly #hangWatch: HangWatch;
  readonly #recent = new RecentLines();
  #cache: CacheUse | undefined;
  #step: string | undefined;
  readonly #gone = Promise.withResolvers<void>();
  #process: RunnerProcess | undefined;
  #ready = false;
  /** The error with which it ends, when that is known before the process has ended. */
  #verdict: AppError | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog(options.clock, () => this.end(loadStalled(this.#recent.lastError())));
    this.#hangWatch = new HangWatch({
      clock: options.clock,
      isBusy: () => this.requests.isBusy,
      busyMs: () => this.#process?.busyMs(),
      onHang: () => {
        options.logger.error("the model runner hangs", { model: options.name, runner: this.#process?.pid });
        this.end(unresponsive());
      },
    });
  }

  /** Resolves when no process is left. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Starts the process and the load; `onReady` or `onGone` tells how it went. */
  start(): void {
    this.#watchdog.start(this.#options.loadTimeoutMs);
    try {
      this.#process = this.#options.spawn(this);
    } catch (error) {
      this.#options.logger.error("model runner could not be started", { error: String(error) });
      this.#finish(spawnFailed(error), false);
      return;
    }
    this.#log("model runner started");
  }

  /**
   * Kills the process. It has nothing to save, and a kill works while it is inside llama.cpp.
   * @param verdict the error for requests under way, or for those waiting for the load.
   */
  end(verdict: AppError): void {
    this.#verdict ??= verdict;
    this.#watchdog.stop();
    this.#process?.kill();
  }

  /**
   * Lets the process write its prompts to the disk and end by itself; kills it when it has not ended within `graceMs` milliseconds.
   * @param verdict the error that requests under way get at once.
   */
  retire(verdict: AppError, graceMs: number): void {
    if (!this.#ready || this.#options.load.cache?.disk === undefined) {
      this.end(verdict);
      return;
    }
    this.#verdict ??= verdict;
    this.requests.failAll(verdict);
    this.#process?.send({ type: "retire" });
    const callOff = this.#options.clock.after(graceMs, () => this.#process?.kill());
    void this.gone.then(callOff);
  }

  /** Tells it how much memory its prompts may take from now on. */
  limitCache(memoryBytes: number): void {
    if (this.#ready && this.#options.load.cache !== undefined) {
      this.#process?.send({ type: "cache_budget", memoryBytes });
    }
  }

  /** Bytes that the runner's prompts take outside of slots; undefined until it has told. */
  get cache(): CacheUse | undefined {
    return this.#cache;
  }

  /** The step that makes this load take longer than usual; undefined when the model is loaded. */
  get step(): string | undefined {
    return this.#ready ? undefined : this.#step;
  }

  onMessage(message: FromRunner): void {
    if (message.type === "cache") {
      this.#cache = { memoryBytes: message.memoryBytes, diskBytes: message.diskBytes };
      return;
    }
    if (this.#ready) {
      this.#hangWatch.heard();
      this.requests.deliver(message);
      return;
    }
    this.#watchdog.touch();
    if (message.type === "hello") this.#process?.send(this.#options.load);
    if (message.type === "failed") this.end(loadFailed(message.message, this.#options.name));
    if (message.type === "ready" && this.#verdict === undefined) {
      this.#ready = true;
      this.#watchdog.stop();
      this.#options.onReady(message.info);
    }
  }

  onProgress(): void {
    this.#watchdog.touch();
  }

  onLine(line: string): void {
    this.#watchdog.touch();
    // A line about a request does not tell why a process died, and contains names that callers chose.
    if (!line.startsWith("request ")) this.#recent.add(line);
    const [, step] = LOAD_STEP.exec(line) ?? [];
    if (step === undefined) this.#log(line);
    else this.#tell(step);
  }

  #tell(step: string): void {
    this.#step = step;
    this.#options.logger.info(`loading: ${step}`, { model: this.#options.name });
  }

  onExit(exit: RunnerExit): void {
    // A process that is killed by SIGKILL prints nothing about it. An ordinary last line would be taken for the reason.
    const line = exit.signal === "SIGKILL" ? this.#recent.telling() : this.#recent.lastError();
    const error = this.#verdict ?? (this.#ready ? crashed(exit, line) : endedLoading(exit, line));
    this.#log("model runner ended", { code: exit.code, signal: exit.signal });
    this.#finish(error, this.#wasMemory(exit, error));
  }

  /** The kernel's out-of-memory killer leaves no message: an unasked SIGKILL while loading is taken for it. */
  #wasMemory(exit: RunnerExit, error: AppError): boolean {
    if (isOutOfMemory(error.message)) return true;
    if (this.#verdict !== undefined) return false;
    return isOutOfMemory(this.#recent.text()) || (!this.#ready && exit.signal === "SIGKILL");
  }

  #finish(error: AppError, outOfMemory: boolean): void {
    this.#hangWatch.end();
    this.#watchdog.stop();
    this.#options.onGone(error, outOfMemory);
    this.requests.failAll(error);
    this.#gone.resolve();
  }

  #log(message: string, fields: Record<string, string | number | null> = {}): void {
    this.#options.logger.debug(message, {
      model: this.#options.name,
      runner: this.#process?.pid,
      ...fields,
    });
  }
}
