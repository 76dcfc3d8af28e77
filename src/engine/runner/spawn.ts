import type { Clock } from "../../lib/clock.ts";
import { endsWithin } from "../../lib/within.ts";
import { type FromRunner, LOAD_PROGRESS } from "../protocol.ts";
import { readLines } from "./lines.ts";
import type { RunnerListener, RunnerProcess, SpawnRunner } from "./process.ts";

export interface SpawnOptions {
  /** The runner's program, e.g. `native/runner/main.ts`. */
  runnerPath: string;
  /** Its arguments. */
  args: readonly string[];
  /** Its whole environment. */
  env: Record<string, string>;
  clock: Clock;
}

/** A child of the runner's that outlives it may hold its pipes open; the exit is not held up for longer than this. */
const DRAIN_MS = 1000;

/** Starts runners as Bun processes of their own, connected by Bun's IPC. */
export function createRunnerSpawner(options: SpawnOptions): SpawnRunner {
  return (listener) => spawnRunner(options, listener);
}

function spawnRunner(
  { runnerPath, args, env, clock }: SpawnOptions,
  listener: RunnerListener,
): RunnerProcess {
  const disconnected = Promise.withResolvers<void>();
  let connected = true;
  // `--no-orphans`: the runner dies with the server even while it is inside llama.cpp and cannot see its IPC close.
  const child = Bun.spawn([process.execPath, "--no-orphans", runnerPath, ...args], {
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    serialization: "advanced",
    // A Ctrl-C in the terminal is for the server; it ends its runners in its own order.
    detached: true,
    // The program at the other end is ours and speaks the protocol; checking every token again would cost more than the rest.
    ipc: (message) => listener.onMessage(message as FromRunner),
    onDisconnect() {
      connected = false;
      disconnected.resolve();
    },
  });
  const kill = () => child.kill("SIGKILL");
  // A runner that cannot be talked to is of no use, and one whose output nobody reads would block.
  const ended = disconnected.promise.then(kill);
  const output = readOutput(child, listener).catch((error: unknown) => {
    listener.onLine(`its output cannot be read: ${String(error)}`);
    kill();
  });
  void child.exited
    .then(() => endsWithin(clock, DRAIN_MS, Promise.all([ended, output])))
    .then(() => listener.onExit(exitOf(child)));
  return {
    pid: child.pid,
    send(message) {
      // Bun's `send` throws ERR_IPC_CHANNEL_CLOSED from the exit on, which is reported a little later.
      if (connected && child.exitCode === null && child.signalCode === null) child.send(message);
    },
    kill,
  };
}

async function readOutput(
  child: Bun.Subprocess<"ignore", "pipe", "pipe">,
  listener: RunnerListener,
): Promise<void> {
  const onStdout = (line: string) => {
    if (LOAD_PROGRESS.test(line)) listener.onProgress();
    else listener.onLine(line);
  };
  await Promise.all([
    readLines(child.stdout, onStdout),
    readLines(child.stderr, (line) => listener.onLine(line)),
  ]);
}

function exitOf({ exitCode, signalCode }: Bun.Subprocess) {
  return { code: exitCode, signal: signalCode === null ? null : String(signalCode) };
}
