import { expect, test } from "bun:test";
import { reporting } from "../../../src/lib/reporting.ts";

const never = new AbortController().signal;

/** Reports until its end, then the result. */
async function drain<T, R>(work: AsyncGenerator<T, R>): Promise<{ reports: T[]; result: R }> {
  const reports: T[] = [];
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { reports, result: value };
    reports.push(value);
  }
}

test("reports in order, then the result", async () => {
  const work = reporting<number, string>(never, async (report) => {
    report(1);
    await Promise.resolve();
    report(2);
    return "done";
  });
  expect(await drain(work)).toEqual({ reports: [1, 2], result: "done" });
});

test("a failure comes after what was reported", async () => {
  const work = reporting<number, void>(never, async (report) => {
    report(1);
    throw new Error("broken");
  });
  expect(await work.next()).toEqual({ done: false, value: 1 });
  await expect(work.next()).rejects.toThrow("broken");
});

test("the caller's signal reaches the work", async () => {
  const controller = new AbortController();
  const work = reporting<number, void>(controller.signal, async (report, signal) => {
    report(1);
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  await work.next();
  controller.abort(new Error("enough"));
  await expect(work.next()).rejects.toThrow("enough");
});

test("a consumer that leaves aborts the work and waits for its end", async () => {
  const steps: string[] = [];
  const work = reporting<number, void>(never, async (report, signal) => {
    report(1);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    steps.push("work ended");
    throw new Error("nobody sees this");
  });
  for await (const _ of work) break;
  steps.push("left");
  expect(steps).toEqual(["work ended", "left"]);
});
