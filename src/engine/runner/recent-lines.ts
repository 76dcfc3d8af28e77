const CAPACITY = 50;
const MAX_TEXT = 500;
const TELLING = /error|fail|assert|panic|abort|out of memory|cannot|unable|invalid|unsupported/i;
/** Bun's line after a failed assertion of llama.cpp: it says that the process ended itself, and not why. */
const REASONLESS = /abort\(\) called/;

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

  /** The last line that reads like an error, one that gives a reason before one that does not; "" when there is none. Cut at 500 characters. */
  telling(): string {
    const errors = this.#recent().filter((line) => TELLING.test(line));
    return shown(errors.findLast((line) => !REASONLESS.test(line)) ?? errors.at(-1));
  }

  #recent(): string[] {
    return this.#lines.slice(-CAPACITY).filter((line) => line.trim() !== "");
  }

  /** All lines that are kept, to be searched. */
  text(): string {
    return this.#lines.join("\n");
  }
}

const shown = (line = ""): string => line.trim().slice(0, MAX_TEXT);
