import { expect, test } from "bun:test";
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
