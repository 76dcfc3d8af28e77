import type { Output } from "../context.ts";
import { visible } from "../visible.ts";
import { type Bar, renderBar, type Sample } from "./bar.ts";

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 100;
const SAMPLE_MS = 1000;
const MOST_SAMPLES = 10;

type Line = { kind: "status"; message: string } | ({ kind: "bar"; samples: Sample[] } & Bar);

/**
 * Shows the progress of a long command: one line for each state, in order of first appearance, the last one with a spinner. Redrawn on
 * terminals; elsewhere each state is printed once, when it begins.
 */
export class Progress implements Disposable {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #lines: Line[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #drawn = 0;
  #frame = 0;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  /** A new state of unknown length. The same one again changes nothing. */
  status(message: string): void {
    if (this.#find(message) === undefined) this.#add({ kind: "status", message });
  }

  /** How far the state called `message` is. */
  bar(message: string, completed: number, total: number): void {
    const line = this.#find(message);
    if (line?.kind !== "bar") {
      this.#add({ kind: "bar", message, completed, total, samples: [{ at: this.#now(), completed }] });
      return;
    }
    line.completed = completed;
    line.total = total;
    sample(line.samples, { at: this.#now(), completed });
  }

  /** Ends with the last picture left on the screen. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#draw();
    this.#output.write("\n");
  }

  /** Ends with nothing left on the screen. */
  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#drawn > 0) this.#output.draw(`${this.#home()}\x1b[J`);
    this.#drawn = 0;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #find(message: string): Line | undefined {
    return this.#lines.find((line) => line.message === message);
  }

  #add(line: Line): void {
    this.#lines.push(line);
    if (!this.#output.isTerminal) {
      if (line.message !== "") this.#output.write(`${line.message}\n`);
      return;
    }
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref();
    this.#draw();
  }

  #draw(): void {
    this.#frame++;
    // The cursor cannot go back to rows that have left the screen.
    const texts = this.#lines
      .map((line, index) => this.#textOf(line, index === this.#lines.length - 1))
      .slice(-Math.max(1, this.#output.rows() - 1));
    this.#output.draw(this.#home() + texts.map((text) => `${text}\x1b[K`).join("\n"));
    this.#drawn = texts.length;
  }

  #textOf(line: Line, isLast: boolean): string {
    const columns = this.#output.columns();
    if (line.kind === "bar") return renderBar({ ...line, message: visible(line.message) }, columns);
    const spins = isLast && this.#timer !== undefined;
    const message = visible(line.message);
    const text = spins ? `${message} ${FRAMES[this.#frame % FRAMES.length]}`.trimStart() : message;
    return Bun.sliceAnsi(text, 0, columns - 1);
  }

  /** To the start of the first drawn line. */
  #home(): string {
    return this.#drawn > 1 ? `\r\x1b[${this.#drawn - 1}A` : "\r";
  }
}

/** Keeps about one sample a second, and always the latest. */
function sample(samples: Sample[], latest: Sample): void {
  const before = samples.at(-2);
  if (before !== undefined && latest.at - before.at < SAMPLE_MS) samples.pop();
  samples.push(latest);
  if (samples.length > MOST_SAMPLES) samples.shift();
}
