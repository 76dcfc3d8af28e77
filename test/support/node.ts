import { join } from "node:path";
import { runCommand } from "./run-program.ts";

/** A run that takes longer is killed and fails its test, instead of hanging it. */
const TIMEOUT_MS = 240_000;

/**
 * Runs a program of test/e2e with Node.js, for what Bun does otherwise: sockets, streams, fetch.
 *
 * @param file relative to test/e2e.
 * @returns the JSON that it prints.
 * @throws when it does not exit with 0.
 */
export async function runNode<Result>(file: string, ...args: string[]): Promise<Result> {
  const node = Bun.which("node");
  if (node === null) throw new Error("these tests need node (20 or later) on the PATH");
  const { PATH = "", HOME = "" } = process.env;
  const { code, stdout, stderr } = await runCommand([node, join(import.meta.dir, "../e2e", file), ...args], {
    env: { PATH, HOME },
    timeoutMs: TIMEOUT_MS,
  });
  if (code !== 0) throw new Error(`${file} exited with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}
