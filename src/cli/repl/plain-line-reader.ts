import { createInterface, type Interface } from "node:readline";
import type { Interrupted, LineReader } from "./line-reader.ts";
import { isOpenBlock } from "./read-block.ts";

/** A {@link LineReader} for terminals without escape sequences: whole lines, as the terminal itself edits them. */
export class PlainLineReader implements LineReader, Disposable {
  readonly #readline: Interface = createInterface({ input: process.stdin, terminal: false });
  readonly #lines: string[] = [];
  readonly #interrupt = (): void => this.#answer({ interrupted: true, empty: true });
  #waiting: ((result: string | Interrupted | undefined) => void) | undefined;
  #closed = false;

  constructor() {
    this.#readline.on("line", (line) => {
      if (this.#waiting === undefined) this.#lines.push(line);
      else this.#answer(line);
    });
    this.#readline.on("close", () => {
      this.#closed = true;
      this.#answer(undefined);
    });
  }

  async read(prompt: string): Promise<string | Interrupted | undefined> {
    let text = await this.#line(prompt);
    while (typeof text === "string" && isOpenBlock(text)) {
      const more = await this.#line("... ");
      if (typeof more !== "string") return more;
      text = `${text}\n${more}`;
    }
    return text;
  }

  [Symbol.dispose](): void {
    this.#readline.close();
  }

  #line(prompt: string): Promise<string | Interrupted | undefined> {
    process.stdout.write(prompt);
    const early = this.#lines.shift();
    if (early !== undefined || this.#closed) return Promise.resolve(early);
    process.on("SIGINT", this.#interrupt);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #answer(result: string | Interrupted | undefined): void {
    process.off("SIGINT", this.#interrupt);
    const resolve = this.#waiting;
    this.#waiting = undefined;
    if (typeof result !== "string") process.stdout.write("\n");
    resolve?.(result);
  }
}
