import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { listeningInode, type MachineTimes, machineTimes, processTimes, treeTime } from "./proc.ts";

/** Share of all cores that may be busy with something else while a sample is taken: threads that wait for one another suffer by little. */
export const MOST_FOREIGN = 0.05;
/** Linux counts in hundredths of a second: less than this cannot be told. */
const SHORTEST_MS = 300;
const MOST_WAIT_MS = 15_000;

/** What has been computed up to a moment, by the machine and by the processes that are measured. */
export interface Reading {
  machine: MachineTimes;
  measured: number;
}

/** The share of the machine, 0 to 1, that others than the measured processes took between two readings. */
export function foreignShare(before: Reading, after: Reading): number {
  const foreign = after.machine.busy - before.machine.busy - (after.measured - before.measured);
  return Math.max(0, foreign) / Math.max(1, after.machine.all - before.machine.all);
}

/** Linux only. */
export class ForeignLoad {
  readonly #roots: () => readonly number[];

  /** @param roots the processes that are measured, with all that they have started. */
  constructor(roots: () => readonly number[]) {
    this.#roots = roots;
  }

  read(): Reading {
    const processes = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => textOf(`/proc/${pid}/stat`))
      .map(processTimes);
    return {
      machine: machineTimes(readFileSync("/proc/stat", "utf8")),
      measured: treeTime(processes, this.#roots()),
    };
  }

  /** Does `work` and tells what else was computed meanwhile. */
  async during<Result>(work: () => Promise<Result>): Promise<{ result: Result; foreign: number }> {
    const before = this.read();
    const begin = Date.now();
    const result = await work();
    const left = SHORTEST_MS - (Date.now() - begin);
    if (left > 0) await Bun.sleep(left);
    return { result, foreign: foreignShare(before, this.read()) };
  }

  /** Waits until the others are quiet, for a while. */
  async untilQuiet(): Promise<void> {
    const deadline = Date.now() + MOST_WAIT_MS;
    while (Date.now() < deadline) {
      const { foreign } = await this.during(() => Promise.resolve());
      if (foreign <= MOST_FOREIGN) return;
    }
  }
}

/** The process of this machine that listens on a port, if it is one that we may look into. */
export function listenerOn(port: number): number | undefined {
  const inode = ["tcp", "tcp6"]
    .flatMap((table) => textOf(`/proc/net/${table}`))
    .map((table) => listeningInode(table, port))
    .find((found) => found !== undefined);
  if (inode === undefined) return undefined;
  const owner = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => linksOf(`/proc/${pid}/fd`).includes(`socket:[${inode}]`));
  return owner === undefined ? undefined : Number(owner);
}

/** A file of a process that may end at any time, or belong to somebody else. */
function textOf(path: string): string[] {
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    return [];
  }
}

function linksOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => readlinkSync(`${folder}/${name}`));
  } catch {
    return [];
  }
}
