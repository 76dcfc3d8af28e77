import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import type { History } from "./history.ts";
import type { Interrupted, LineReader } from "./line-reader.ts";

type Result = string | Interrupted | undefined;

/**
 * A {@link LineReader} with editing and history over `node:readline`.
 *
 * The terminal is in raw mode, and readline visible, only while a line is asked for: in between, Ctrl-C must arrive as a signal.
 * What is typed or pasted meanwhile is kept, and shown when it is its turn.
 */
export class TerminalLineReader implements LineReader, Disposable {
  readonly #readline: Interface;
  readonly #early: string[] = [];
  #waiting: ((result: Result) => void) | undefined;
  #closed = false;

  constructor(history: History) {
    this.#readline = createInterface({
      input: process.stdin,
      output: this.#echo(),
      terminal: true,
      // readline wants the newest first.
      history: history.lines().toReversed(),
      historySize: history.limit,
      tabSize: 8,
    });
    process.stdin.setRawMode(false);
    this.#readline.on("line", (line) => {
      if (this.#waiting === undefined) this.#early.push(line);
      else this.#settle(line);
    });
    this.#readline.on("SIGINT", () => this.#interrupt());
    this.#readline.on("close", () => {
      this.#closed = true;
      this.#settle(undefined);
    });
  }

  read(prompt: string): Promise<Result> {
    const line = this.#early.shift();
    if (line !== undefined) {
      process.stdout.write(`${prompt}${line}\n`);
      return Promise.resolve(line);
    }
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      process.stdin.setRawMode(true);
      this.#readline.setPrompt(prompt);
      this.#readline.prompt(true);
    });
  }

  [Symbol.dispose](): void {
    this.#readline.close();
  }

  /** Forgets the half-typed line, as a shell does. */
  #interrupt(): void {
    const empty = this.#readline.line === "";
    this.#readline.write(null, { ctrl: true, name: "e" });
    this.#readline.write(null, { ctrl: true, name: "u" });
    process.stdout.write("\n");
    this.#settle({ interrupted: true, empty });
  }

  #settle(result: Result): void {
    const resolve = this.#waiting;
    this.#waiting = undefined;
    if (!this.#closed) process.stdin.setRawMode(false);
    resolve?.(result);
  }

  /** stdout, while a line is asked for. */
  #echo(): Writable {
    const echo = new Writable({
      decodeStrings: false,
      write: (chunk, _, done) => {
        if (this.#waiting !== undefined) process.stdout.write(chunk);
        done();
      },
    });
    // readline asks its output for the width.
    return Object.defineProperty(echo, "columns", { get: () => process.stdout.columns });
  }
}
