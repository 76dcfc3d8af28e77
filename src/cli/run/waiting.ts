import type { Cli } from "../context.ts";
import { Progress } from "../progress/progress.ts";

/** Often enough for steps of seconds; a load that takes less asks nothing. */
const EVERY_MS = 1000;

/** A spinner until an answer begins, and above it, line by line, the steps of the server's load. */
export class Waiting implements Disposable {
  readonly #cli: Cli;
  readonly #progress: Progress;
  readonly #timer: ReturnType<typeof setInterval>;
  #over = false;

  constructor(cli: Cli, everyMs = EVERY_MS) {
    this.#cli = cli;
    this.#progress = new Progress(cli.stderr, cli.now);
    this.#progress.status("");
    this.#timer = setInterval(() => void this.#ask(), everyMs).unref();
  }

  /** The answer has begun; nothing is left on the screen. */
  [Symbol.dispose](): void {
    this.#over = true;
    clearInterval(this.#timer);
    this.#progress.clear();
  }

  async #ask(): Promise<void> {
    // A failure is told by the answer, which fails as well.
    const { data } = await this.#cli.client.api.ps.get();
    if (this.#over) return;
    for (const { loading_step: step } of data?.models ?? []) if (step) this.#progress.status(step);
  }
}
