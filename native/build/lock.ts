import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { codeOf } from "../../src/lib/error-code.ts";
import { processExists } from "../../src/lib/process-exists.ts";

/** How often a process checks whether the one before it is done. */
const POLL_MS = 200;

/**
 * Does `work` while no other process of this machine does work under the same file. A process that was killed holds nothing: its
 * number in the file is nobody's.
 *
 * @param onWait called once if it has to wait.
 */
export async function withLock(
  path: string,
  work: () => Promise<void>,
  onWait: () => void = () => {},
): Promise<void> {
  let waits = false;
  while (!take(path)) {
    if (!waits) onWait();
    waits = true;
    await Bun.sleep(POLL_MS);
  }
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  // Of two processes that find the file of a dead one, the second may remove the file of the first; both then build, and the later
  // library replaces an equal one.
  if (!processExists(holderOf(path))) rmSync(path, { force: true });
  return false;
}

function holderOf(path: string): number {
  try {
    return Number(readFileSync(path, "utf8")) || process.pid;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return process.pid;
    throw error;
  }
}
