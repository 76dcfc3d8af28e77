const CAPACITY = 50;
const MAX_TEXT = 500;
const TELLING = /error|fail|assert|panic|abort|out of memory|cannot|unable|invalid|unsupported/i;

/** The last lines that a runner printed, for the message about its end. */
export class RecentLines {
  #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * CAPACITY) this.#lines = this.#lines.slice(-CAPACITY);
  }

  /** The last line that reads like an error, else the last one; "" when there is none. Cut at 500 characters. */
  lastError(): string {
    return this.telling() || shown(this.#recent().at(-1));
  }

  /** The last line that reads like an error; "" when there is none. Cut at 500 characters. */
  telling(): string {
    return shown(this.#recent().findLast((line) => TELLING.test(line)));
  }

  #recent(): string[] {
    return this.#lines.slice(-CAPACITY).filter((line) => line.trim() !== "");
  }

  /** All that is kept, for a search. */
  text(): string {
    return this.#lines.join("\n");
  }
}

const shown = (line = ""): string => line.trim().slice(0, MAX_TEXT);
