import type { PromptCache, Thoroughness } from "./prompt-cache.ts";

/** So long after its last answer a runner writes the prompts that have grown: the process may be killed at any time. */
const IDLE_MS = 2000;
/** So long after its last answer it writes all other prompts, too: the conversations have paused. */
const PAUSE_MS = 60_000;
/** A runner that is never idle writes the prompt of one idle slot so often. */
const BUSY_MS = 60_000;

/** Decides when a runner's prompts are written to the disk, and reports their size. */
export class Housekeeping {
  readonly #prompts: PromptCache;
  readonly #now: () => number;
  readonly #tell: (bytes: { memoryBytes: number; diskBytes: number }) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWrite = 0;
  #told = "";

  /** @param now milliseconds since the epoch. @param tell is called when a size has changed. */
  constructor(
    prompts: PromptCache,
    now: () => number,
    tell: (bytes: { memoryBytes: number; diskBytes: number }) => void,
  ) {
    this.#prompts = prompts;
    this.#now = now;
    this.#tell = tell;
  }

  /** There is work again. */
  busy(): void {
    clearTimeout(this.#timer);
  }

  /** A step was made. */
  stepped(): void {
    if (this.#now() - this.#lastWrite >= BUSY_MS) this.#writeOne();
    this.#report();
  }

  /** Nothing is left to do. */
  idle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#write("grown");
      this.#timer = setTimeout(() => this.#write("all"), PAUSE_MS);
    }, IDLE_MS);
  }

  #writeOne(): void {
    this.#lastWrite = this.#now();
    const [slot] = this.#prompts.unwritten("grown");
    if (slot !== undefined) this.#prompts.write(slot);
  }

  #write(how: Thoroughness): void {
    this.#lastWrite = this.#now();
    void this.#prompts.flush(how).then(() => this.#report());
  }

  #report(): void {
    const { memoryBytes, diskBytes } = this.#prompts;
    const told = `${memoryBytes} ${diskBytes}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#tell({ memoryBytes, diskBytes });
  }
}
