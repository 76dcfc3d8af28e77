import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { availableMemory, hostMemory } from "../../../src/engine/machine-memory.ts";

const MIB = 1024 * 1024;
/** What is left of so many mebibytes, the reserve taken off. */
const usable = (mebibytes: number) => mebibytes * MIB - 64 * MIB - mebibytes * MIB * 0.03;

let root = mkdtempSync(join(tmpdir(), "llamero-memory-"));
afterAll(() => rmSync(root, { recursive: true }));

beforeEach(() => {
  rmSync(root, { recursive: true });
  root = mkdtempSync(join(tmpdir(), "llamero-memory-"));
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const sources = () => ({
  proc: join(root, "proc"),
  cgroup: join(root, "cgroup"),
  devices: join(root, "dev"),
});
const available = () => availableMemory(sources());

const meminfo = (mebibytes: number) =>
  put("proc/meminfo", `MemTotal: 99999999 kB\nMemAvailable:   ${mebibytes * 1024} kB\n`);

test("what the kernel can give, less a reserve", () => {
  meminfo(8000);
  expect(available()).toBe(usable(8000));
});

test("not counted without Linux's numbers, or where a GPU has the weights", () => {
  expect(available()).toBe(Number.POSITIVE_INFINITY);
  meminfo(8000);
  put("dev/nvidia0", "");
  expect(available()).toBe(Number.POSITIVE_INFINITY);
});

test("the limit of the process's own group, and of every group around it", () => {
  meminfo(8000);
  put("proc/self/cgroup", "0::/a/b\n");
  put("cgroup/a/b/memory.max", "max\n");
  put("cgroup/a/b/memory.current", "5\n");
  put("cgroup/a/memory.max", String(2000 * MIB));
  put("cgroup/a/memory.current", String(900 * MIB));
  put("cgroup/a/memory.stat", `anon 1\ninactive_file ${400 * MIB}\n`);
  expect(available()).toBe(usable(1500));
});

test("in a container, where its own group is the root", () => {
  meminfo(8000);
  put("proc/self/cgroup", "0::/\n");
  put("cgroup/memory.max", String(512 * MIB));
  put("cgroup/memory.current", String(112 * MIB));
  expect(available()).toBe(usable(400));
});

test("version 1 of control groups", () => {
  meminfo(8000);
  put("proc/self/cgroup", "12:cpu,cpuacct:/x\n5:memory:/x\n");
  put("cgroup/memory/x/memory.limit_in_bytes", String(1000 * MIB));
  put("cgroup/memory/x/memory.usage_in_bytes", String(300 * MIB));
  expect(available()).toBe(usable(700));
});

test("never less than nothing", () => {
  meminfo(10);
  expect(available()).toBe(0);
});

test("the host's memory counts beside a GPU too, and without the reserve", () => {
  expect(hostMemory(sources())).toBeUndefined();
  meminfo(8000);
  put("dev/nvidia0", "");
  put("proc/self/cgroup", "0::/\n");
  put("cgroup/memory.max", String(512 * MIB));
  put("cgroup/memory.current", String(112 * MIB));
  expect(hostMemory(sources())).toBe(400 * MIB);
});
