import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Linux's unit of processor time in /proc, the same on every machine that it runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/**
 * Milliseconds that a process has computed or has waited for a free processor, all threads together; undefined where /proc does not
 * tell. A thread that sleeps, is stopped or waits for a lock adds nothing; one of low priority on a machine with other work does.
 */
export function busyTime(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  // The name, in brackets, may have anything in it; user and system time are the 12th and 13th field after it.
  const fields = readFileSync(path, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? (ticks * 1000) / TICKS_PER_SECOND + waitedTime(pid) : undefined;
}

/** Milliseconds that its threads have waited for a processor: the second number of schedstat, in nanoseconds, where the kernel counts it. */
function waitedTime(pid: number): number {
  const threads = `/proc/${pid}/task`;
  try {
    return readdirSync(threads)
      .map((thread) => Number(readFileSync(`${threads}/${thread}/schedstat`, "utf8").split(" ")[1]) / 1e6)
      .reduce((sum, ms) => sum + (Number.isFinite(ms) ? ms : 0), 0);
  } catch {
    // A thread has ended meanwhile; the next look finds those that are left.
    return 0;
  }
}
