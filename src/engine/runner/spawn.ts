import type { Clock } from "../../lib/clock.ts";
import { endsWithin } from "../../lib/within.ts";
import { ANSWER_FD, type FromRunner, LOAD_PROGRESS } from "../protocol.ts";
import { readGenerationMessages } from "./answer-socket.ts";
import { busyTime } from "./busy-time.ts";
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

/** A child of the runner's that outlives it may hold its pipes and its socket open; the exit is not held up for longer than this. */
const DRAIN_MS = 1000;

/** Starts runners as Bun processes of their own, connected by Bun's IPC and a socket for their answers. */
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
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    serialization: "advanced",
    // A Ctrl-C in the terminal is for the server; it ends its runners in its own order.
    detached: true,
    // Messages of our own program are not checked, as in answer-socket.ts.
    ipc: (message) => listener.onMessage(message as FromRunner),
    onDisconnect() {
      connected = false;
      disconnected.resolve();
    },
  });
  const kill = () => child.kill("SIGKILL");
  // A runner without its pipes is useless: messages would not reach it, and it would block on output that is not read.
  const ended = disconnected.promise.then(kill);
  const unreadable = (error: unknown) => {
    listener.onLine(`its output cannot be read: ${String(error)}`);
    kill();
  };
  const output = readOutput(child, listener).catch(unreadable);
  const answers = readGenerationMessages(answerEnd(child), (message) => listener.onMessage(message)).catch(
    unreadable,
  );
  void child.exited
    .then(() => endsWithin(clock, DRAIN_MS, Promise.all([ended, output, answers])))
    .then(() => listener.onExit(exitOf(child)));
  return {
    pid: child.pid,
    send(message) {
      // Bun's `send` throws ERR_IPC_CHANNEL_CLOSED from the exit on, which is reported a little later.
      if (connected && child.exitCode === null && child.signalCode === null) child.send(message);
    },
    kill,
    busyMs: () => busyTime(child.pid),
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

/** Our end of the runner's socket for answers. */
function answerEnd(child: Bun.Subprocess): number {
  const end = child.stdio[ANSWER_FD];
  if (typeof end !== "number") throw new Error("Bun made no socket for the runner");
  return end;
}

function exitOf({ exitCode, signalCode }: Bun.Subprocess) {
  return { code: exitCode, signal: signalCode === null ? null : String(signalCode) };
}
