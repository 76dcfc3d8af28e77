import { existsSync, readFileSync } from "node:fs";

/** Linux's unit of processor time in /proc, the same on every machine that it runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Milliseconds of processor time that a process has used, all threads together; undefined where /proc does not tell. */
export function cpuTime(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  // The name, in brackets, may have anything in it; user and system time are the 12th and 13th field after it.
  const fields = readFileSync(path, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? (ticks * 1000) / TICKS_PER_SECOND : undefined;
}
