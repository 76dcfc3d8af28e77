import { join } from "node:path";
import type { Engine, EngineEvent, LoadSpec } from "../../src/engine/port.ts";
import { runnerEnv } from "../../src/engine/runner/env.ts";
import type { RunnerListener, RunnerProcess, SpawnRunner } from "../../src/engine/runner/process.ts";
import { createRunnerSpawner } from "../../src/engine/runner/spawn.ts";
import { Scheduler } from "../../src/engine/scheduler/scheduler.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { LAUNCH_DEFAULTS, specFor } from "./engine-fixtures.ts";
import { FakeClock } from "./fake-clock.ts";

/** The scheduler over real processes that run fake-runner.ts. */
export interface ProcessEngine extends AsyncDisposable {
  engine: Engine;
  clock: FakeClock;
  processes: RunnerProcess[];
  /** Resolves when a runner prints a line that has `text` in it. */
  printed(text: string): Promise<void>;
}

/** How fake-runner.ts loads it, as a model of its own. */
export const scripted = (script: string, name = script): LoadSpec =>
  specFor(name, {}, { weightsPath: script });

export function processEngine({
  maxLoaded = 2,
  numParallel = 1,
  loadTimeoutMs = 60_000,
} = {}): ProcessEngine {
  const clock = new FakeClock();
  const processes: RunnerProcess[] = [];
  const watchers = new Map<string, () => void>();
  const onLine = (line: string) => {
    for (const [text, seen] of watchers) if (line.includes(text)) seen();
  };
  const spawner = fakeRunnerSpawner();
  const spawn: SpawnRunner = (listener) => {
    const process = spawner(observed(listener, onLine));
    processes.push(process);
    return process;
  };
  const engine = new Scheduler({
    availableBytes: () => Number.POSITIVE_INFINITY,
    limits: { maxLoaded, maxQueue: 512, keepAlive: 300_000 },
    launch: { ...LAUNCH_DEFAULTS, numParallel },
    loadTimeoutMs,
    logger: silentLogger,
    clock,
    spawn,
  });
  return {
    engine,
    clock,
    processes,
    printed: (text) => new Promise((resolve) => watchers.set(text, resolve)),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

export function fakeRunnerSpawner(): SpawnRunner {
  return createRunnerSpawner({
    runnerPath: join(import.meta.dir, "fake-runner.ts"),
    args: [],
    env: runnerEnv(process.env),
    clock: systemClock,
  });
}

function observed(listener: RunnerListener, onLine: (line: string) => void): RunnerListener {
  return {
    onMessage: (message) => listener.onMessage(message),
    onProgress: () => listener.onProgress(),
    onExit: (exit) => listener.onExit(exit),
    onLine(line) {
      listener.onLine(line);
      onLine(line);
    },
  };
}

/** The text of an answer, and how it ended: `done` or the error's message. */
export async function outcome(events: AsyncIterable<EngineEvent>): Promise<{ text: string; end: string }> {
  let text = "";
  try {
    for await (const event of events) {
      if (event.type === "done") return { text, end: "done" };
      text += event.text;
    }
  } catch (error) {
    return { text, end: error instanceof Error ? error.message : String(error) };
  }
  return { text, end: "no end" };
}
