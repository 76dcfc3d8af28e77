import { readFileSync, writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** Where two threads want one core, the one without this nice value gets nine tenths of it. A thread that is alone gets all of it. */
const NICE = 10;

/**
 * A runner that only embeds or ranks lets the others on this machine compute first: answers that somebody reads as they are written
 * (and the server itself) are not held up by documents that are being indexed. Threads that are started later have it too; it does
 * nothing for the work of a GPU.
 */
export function letOthersFirst(): void {
  lowerProcess();
  if (process.platform === "linux") lowerSession();
}

/** A server that was started with a lower priority keeps it: only root may raise one. */
function lowerProcess(): void {
  try {
    if (getPriority() < NICE) setPriority(NICE);
  } catch {
    // Where a sandbox refuses the call, as systemd's `SystemCallFilter=~@resources` does, it computes all the same.
  }
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

/** Does this process lead its session? A runner that was started by hand does not: it would lower the priority of the terminal's. */
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
