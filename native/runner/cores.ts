import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/**
 * How many threads to compute with. More threads than CPUs only wait for each other, and ggml aborts the process when it cannot start
 * all of them.
 *
 * @param asked as configured; 0: this function decides.
 */
export function threadCount(asked: number): number {
  return asked > 0 ? Math.min(asked, availableParallelism()) : usableCores();
}

/**
 * How many threads llama.cpp should compute with: physical cores (a second hardware thread on a core slows ggml down), no more
 * than the scheduler lets this process use, no more than the cgroup's CPU quota. Its threads spin at barriers, so one thread too
 * many is far worse than one too few.
 */
export function usableCores(): number {
  const limits = [availableParallelism(), physicalCores(read("/proc/cpuinfo")), cgroupQuota(read)];
  return Math.max(1, Math.floor(Math.min(...limits)));
}

/** Distinct (socket, core) pairs of Linux's /proc/cpuinfo; Infinity when it does not say. */
export function physicalCores(cpuinfo: string): number {
  const cores = new Set<string>();
  for (const block of cpuinfo.split("\n\n")) {
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}/${core}`);
  }
  return cores.size === 0 ? Number.POSITIVE_INFINITY : cores.size;
}

/**
 * CPUs that the cgroup (version 2, else 1) allows; Infinity without a quota.
 * @param readFile returns a file's text, "" when it does not exist.
 */
export function cgroupQuota(readFile: (path: string) => string): number {
  const v2 = /^(\d+) (\d+)/.exec(readFile("/sys/fs/cgroup/cpu.max"));
  if (v2) return Number(v2[1]) / Number(v2[2]);
  const quota = Number(readFile("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") || "-1");
  const period = Number(readFile("/sys/fs/cgroup/cpu/cpu.cfs_period_us") || "0");
  return quota > 0 && period > 0 ? quota / period : Number.POSITIVE_INFINITY;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The file is Linux's, and of one cgroup version; without it there is no such limit to respect.
    return "";
  }
}
