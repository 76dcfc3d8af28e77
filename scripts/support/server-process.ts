import { join } from "node:path";
import type { Client } from "../../src/client/index.ts";
import { Failure } from "./failure.ts";
import { ROOT } from "./paths.ts";

const START_MS = 30_000;
const POLL_MS = 50;

/** A server in a child process. */
export interface ServerProcess extends AsyncDisposable {
  /** Passes its log on to stderr from here on. */
  showLog(): void;
  /** Resolves when it has ended, with its exit code. */
  exited: Promise<number>;
}

/**
 * Starts `llamero serve` with this process's environment and waits until it answers.
 *
 * @throws Failure with the last line of its log when it does not.
 */
export async function startServer(client: Client, signal: AbortSignal): Promise<ServerProcess> {
  const child = Bun.spawn([process.execPath, join(ROOT, "src/main.ts"), "serve"], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let lastLine = "";
  let shown = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      const text = decoder.decode(chunk, { stream: true });
      if (shown) process.stderr.write(text);
      lastLine = text.split("\n").findLast(Boolean) ?? lastLine;
    }
  })();
  try {
    await untilAnswers(client, child, signal);
  } catch (error) {
    child.kill();
    await child.exited;
    await reading;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(lastLine === "" ? reason : `${reason}: ${lastLine}`);
  }
  return {
    showLog: () => {
      shown = true;
    },
    exited: child.exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
      await reading;
    },
  };
}

async function untilAnswers(client: Client, child: Bun.Subprocess, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (child.exitCode === null) {
    signal.throwIfAborted();
    if (await answers(client)) return;
    if (performance.now() > deadline)
      throw new Error(`the server did not answer within ${START_MS / 1000} s`);
    await Bun.sleep(POLL_MS);
  }
  throw new Error(`the server ended with exit code ${child.exitCode}`);
}

/** Does an Ollama-compatible server answer? */
export async function answers(client: Client): Promise<boolean> {
  try {
    return (await client.api.version.get({ signal: AbortSignal.timeout(1_000) })).error === null;
  } catch {
    // The time is up.
    return false;
  }
}
