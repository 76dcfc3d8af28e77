import { describe, expect, test } from "bun:test";
import { availableParallelism } from "node:os";
import { cgroupQuota, physicalCores, threadCount, usableCores } from "../../../../native/runner/cores.ts";

const cpu = (socket: number, core: number): string =>
  `processor : 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;

describe("physicalCores", () => {
  test("two hardware threads of one core count once", () => {
    expect(physicalCores([cpu(0, 0), cpu(0, 0), cpu(0, 1), cpu(0, 1)].join("\n"))).toBe(2);
  });
  test("the same core number on another socket is another core", () => {
    expect(physicalCores([cpu(0, 0), cpu(1, 0)].join("\n"))).toBe(2);
  });
  test("no such information: no limit", () => {
    expect(physicalCores("Processor : ARMv8\n")).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("cgroupQuota", () => {
  const files = (all: Record<string, string>) => (path: string) => all[path] ?? "";
  test("version 2", () => {
    expect(cgroupQuota(files({ "/sys/fs/cgroup/cpu.max": "150000 100000\n" }))).toBe(1.5);
    expect(cgroupQuota(files({ "/sys/fs/cgroup/cpu.max": "max 100000\n" }))).toBe(Number.POSITIVE_INFINITY);
  });
  test("version 1", () => {
    const quota = {
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    };
    expect(cgroupQuota(files(quota))).toBe(2);
    expect(cgroupQuota(files({ ...quota, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n" }))).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
  test("no cgroup", () => {
    expect(cgroupQuota(files({}))).toBe(Number.POSITIVE_INFINITY);
  });
});

test("threads: as many as asked for, up to the CPUs that there are", () => {
  expect(threadCount(0)).toBe(usableCores());
  expect(threadCount(1)).toBe(1);
  expect(threadCount(1e9)).toBe(availableParallelism());
});

test("this machine has at least one usable core", () => {
  expect(usableCores()).toBeGreaterThanOrEqual(1);
  expect(Number.isInteger(usableCores())).toBe(true);
});
