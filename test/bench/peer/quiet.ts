import { readFileSync } from "node:fs";

const WATCH_MS = 250;
const MOST_WAIT_MS = 60_000;
/** Share of all cores that may be busy with something else. */
const MOST_BUSY = 0.1;

/** Busy and all hundredths of a second of all cores so far. Linux only. */
function cpuTimes(): { busy: number; all: number } {
  const [, ...fields] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0]!.split(/\s+/);
  const numbers = fields.map(Number);
  const all = numbers.reduce((sum, number) => sum + number, 0);
  return { busy: all - (numbers[3] ?? 0) - (numbers[4] ?? 0), all };
}

/** Is the machine idle while nothing is measured? What it does then is foreign, and would be measured along. */
export async function isQuiet(): Promise<boolean> {
  const before = cpuTimes();
  await Bun.sleep(WATCH_MS);
  const after = cpuTimes();
  return (after.busy - before.busy) / Math.max(1, after.all - before.all) <= MOST_BUSY;
}

/** Waits for a quiet moment, for a minute at most. @returns whether there was one. */
export async function untilQuiet(): Promise<boolean> {
  const deadline = Date.now() + MOST_WAIT_MS;
  while (Date.now() < deadline) if (await isQuiet()) return true;
  return false;
}
