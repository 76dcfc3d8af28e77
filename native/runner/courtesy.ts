import { readFileSync, writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** Of two threads that want one core the other one gets nine tenths of it. Alone it gets everything, as always. */
const NICE = 10;

/**
 * A runner that only embeds or ranks lets the others on this machine compute first: answers that somebody reads as they are written
 * (and the server itself) are not held up by documents that are being indexed. Threads that are started later have it too; it does
 * nothing for the work of a GPU.
 */
export function letOthersFirst(): void {
  // A server that was itself started with a lower priority keeps it; to raise one takes root.
  if (getPriority() < NICE) setPriority(NICE);
  if (process.platform === "linux") lowerSession();
}

/**
 * Linux divides the processors between sessions first, where `kernel.sched_autogroup_enabled` says so (the default of most
 * distributions), and a nice value counts among the processes of its session only (sched(7), "The autogroup feature"). A runner has a
 * session of its own, which is therefore given the value too.
 */
function lowerSession(): void {
  const now = /nice (-?\d+)/.exec(readOwn("autogroup"))?.[1];
  if (now === undefined || Number(now) >= NICE || !leadsSession()) return;
  try {
    writeFileSync("/proc/self/autogroup", String(NICE));
  } catch {
    // Where /proc is read-only, as in some containers, the runner computes all the same: only without courtesy.
  }
}

/** Started by hand, it would otherwise lower the terminal's session. */
function leadsSession(): boolean {
  const session = /^\d+ \(.*\) \S \d+ \d+ (\d+) /s.exec(readOwn("stat"))?.[1];
  return session === String(process.pid);
}

/** "" where there is none. */
function readOwn(file: string): string {
  try {
    return readFileSync(`/proc/self/${file}`, "utf8");
  } catch {
    return "";
  }
}
