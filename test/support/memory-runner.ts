import type { FromRunner, ToRunner } from "../../src/engine/protocol.ts";
import type { RunnerListener, RunnerProcess, SpawnRunner } from "../../src/engine/runner/process.ts";
import { infoFor } from "./engine-fixtures.ts";

/** A runner process in memory that does only what the test says; a kill ends it a moment later, as with a real one. */
export class MemoryRunner implements RunnerProcess {
  readonly pid: number;
  readonly sent: ToRunner[] = [];
  killed = false;
  readonly #listener: RunnerListener;
  #over = false;

  constructor(pid: number, listener: RunnerListener) {
    this.pid = pid;
    this.#listener = listener;
  }

  send(message: ToRunner): void {
    if (this.#over) throw new Error("a message to a dead runner");
    this.sent.push(message);
  }

  /** Processor time that it has used. */
  cpu = 0;
  busyMs = (): number | undefined => this.cpu;

  kill(): void {
    this.killed = true;
    queueMicrotask(() => this.exit(null, "SIGKILL"));
  }

  exit(code: number | null, signal: string | null = null): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.onExit({ code, signal });
  }

  say(message: FromRunner): void {
    this.#listener.onMessage(message);
  }

  progress = () => this.#listener.onProgress();
  line = (text: string) => this.#listener.onLine(text);

  /** Says hello and that the model is loaded, as it was told to load it. */
  load(): void {
    this.say({ type: "hello" });
    const { contextLength, parallel } = this.last("load");
    this.say({ type: "ready", info: infoFor(contextLength, parallel) });
  }

  /** Ends a generation. */
  done(id: number, tokens: number[] = []): void {
    this.say({
      type: "done",
      id,
      reason: "stop",
      promptTokens: 3,
      cachedTokens: 1,
      generatedTokens: tokens.length,
      promptDuration: 10,
      generateDuration: 20,
      tokens,
    });
  }

  /** The last message of that type that it was sent. */
  last<T extends ToRunner["type"]>(type: T): Extract<ToRunner, { type: T }> {
    const found = this.sent.findLast(
      (message): message is Extract<ToRunner, { type: T }> => message.type === type,
    );
    if (found === undefined) throw new Error(`no ${type} was sent`);
    return found;
  }

  count(type: ToRunner["type"]): number {
    return this.sent.filter((message) => message.type === type).length;
  }
}

/** Every runner that was started, in order. */
export class MemoryRunners {
  readonly all: MemoryRunner[] = [];
  readonly spawn: SpawnRunner = (listener) => {
    const runner = new MemoryRunner(this.all.length + 1, listener);
    this.all.push(runner);
    return runner;
  };

  get last(): MemoryRunner {
    const runner = this.all.at(-1);
    if (runner === undefined) throw new Error("no runner was started");
    return runner;
  }
}
