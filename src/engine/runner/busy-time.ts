import { readdirSync, readFileSync } from "node:fs";

/** Linux's unit of processor time in /proc, the same on every machine that it runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/**
 * Milliseconds that a process has computed or has waited for a free processor, all threads together; undefined where /proc does not
 * tell. A thread that sleeps, is stopped or waits for a lock adds nothing; one of low priority on a machine with other work does. The time
 * that a thread has waited is gone when the thread ends, so a later result may be smaller.
 *
 * @param proc folder of the kernel's process information.
 */
export function busyTime(pid: number, proc = "/proc"): number | undefined {
  const process = `${proc}/${pid}`;
  // The name, in brackets, may have anything in it; user and system time are the 12th and 13th field after it.
  const fields = read(() => readFileSync(`${process}/stat`, "utf8"))
    ?.replace(/^.*\) /s, "")
    .split(" ");
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  return Number.isFinite(ticks) ? (ticks * 1000) / TICKS_PER_SECOND + waitedTime(process) : undefined;
}

/** Milliseconds that its threads have waited for a processor: the second number of schedstat, in nanoseconds, where the kernel counts it. */
const waitedTime = (process: string): number =>
  (read(() => readdirSync(`${process}/task`)) ?? [])
    .map((thread) => read(() => readFileSync(`${process}/task/${thread}/schedstat`, "utf8")))
    .map((times) => Number(times?.split(" ")[1]) / 1e6)
    .reduce((sum, ms) => sum + (Number.isFinite(ms) ? ms : 0), 0);

/** Undefined where the process or thread has ended meanwhile, or the system does not let us read. */
function read<T>(readIt: () => T): T | undefined {
  try {
    return readIt();
  } catch {
    return undefined;
  }
}
