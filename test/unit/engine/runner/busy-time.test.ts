import { afterEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busyTime } from "../../../../src/engine/runner/busy-time.ts";

const endless = (...prefix: string[]) =>
  Bun.spawn([...prefix, "sh", "-c", "while :; do :; done"], { stdout: "ignore", stderr: "ignore" });

/** Milliseconds that it has computed. */
const computed = async (pid: number): Promise<number> => {
  const [utime, stime] = (await Bun.file(`/proc/${pid}/stat`).text())
    .replace(/^.*\) /s, "")
    .split(" ")
    .slice(11, 13);
  return (Number(utime) + Number(stime)) * 10;
};

test.if(process.platform === "linux" && Bun.which("taskset") !== null)(
  "who has to leave the processor to others is as busy as they are",
  async () => {
    const onOne = ["taskset", "-c", "0"];
    const children = [endless(...onOne, "nice", "-n", "19"), ...[1, 2, 3].map(() => endless(...onOne))];
    const [patient] = children;
    try {
      const start = performance.now();
      while (performance.now() - start < 1500) await Bun.sleep(50);
      expect(busyTime(patient!.pid)).toBeGreaterThan(2 * (await computed(patient!.pid)));
    } finally {
      for (const child of children) child.kill("SIGKILL");
    }
  },
);

test("there is no telling of a process that is gone", async () => {
  const child = Bun.spawn(["true"]);
  await child.exited;
  expect(busyTime(child.pid)).toBeUndefined();
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const PID = 42;

/** A folder as `/proc` is, with one process that has computed for 300 ms; of `threads` the nanoseconds that each has waited. */
function procWith(threads: Record<string, number | undefined>): string {
  const proc = mkdtempSync(join(tmpdir(), "llamero-proc-"));
  folders.push(proc);
  mkdirSync(join(proc, String(PID), "task"), { recursive: true });
  writeFileSync(join(proc, String(PID), "stat"), `${PID} (a runner) S ${"0 ".repeat(10)}20 10 0`);
  for (const [thread, waited] of Object.entries(threads)) {
    mkdirSync(join(proc, String(PID), "task", thread));
    if (waited !== undefined)
      writeFileSync(join(proc, String(PID), "task", thread, "schedstat"), `1 ${waited} 1`);
  }
  return proc;
}

test("all threads count", () => {
  expect(busyTime(PID, procWith({ 42: 5e6, 43: 7e6 }))).toBe(312);
});

test("of a thread that ends while they are read only its own time is missing", () => {
  expect(busyTime(PID, procWith({ 42: 5e6, 43: undefined, 44: 7e6 }))).toBe(312);
});

test("a process that ends while it is read is gone, and no failure", () => {
  const proc = procWith({});
  rmSync(join(proc, String(PID), "stat"));
  // What is there when one looks, and cannot be read when one reads.
  mkdirSync(join(proc, String(PID), "stat"));
  expect(busyTime(PID, proc)).toBeUndefined();
});
