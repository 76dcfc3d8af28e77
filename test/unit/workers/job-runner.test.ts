import { describe, expect, test } from "bun:test";
import { Budget } from "../../../src/lib/budget.ts";
import { createJobRunner } from "../../../src/workers/job-runner.ts";
import type { JobName, Order } from "../../../src/workers/jobs.ts";
import { runJob } from "../../../src/workers/jobs.ts";
import { JobEnded } from "../../../src/workers/worker-thread.ts";
import { chatJob } from "../../support/chat-job.ts";

/** Work whose workers run in this thread and count, and a clock that stands still. */
function counted(fail?: unknown) {
  const orders: Order[] = [];
  let now = 0;
  const workers = {
    run: async <Name extends JobName>(order: Order<Name>) => {
      orders.push(order);
      if (fail !== undefined) throw fail;
      return runJob(order);
    },
  };
  const work = createJobRunner(workers, () => now);
  return { orders, work, pass: (ms: number) => (now += ms) };
}

describe("where a job is done", () => {
  test("a small one here, a large one by a worker", async () => {
    const { orders, work } = counted();
    const { text } = await work.run("render", chatJob("{{ range 100 }}x{{ end }}"), new Budget());
    expect([text.length, orders.length]).toEqual([100, 0]);
    await work.run("render", chatJob("{{ range 1000000 }}{{ end }}"), new Budget());
    expect(orders.map(({ name }) => name)).toEqual(["render"]);
  });

  test("what many requests take here together is bounded, and time gives it back", async () => {
    const { orders, work, pass } = counted();
    const some = chatJob("{{ range 100000 }}{{ end }}");
    await work.run("render", some, new Budget());
    await work.run("render", some, new Budget());
    expect(orders.length).toBe(1);
    await work.run("render", chatJob("x"), new Budget());
    expect(orders.length).toBe(1);
    pass(1_000);
    await work.run("render", some, new Budget());
    expect(orders.length).toBe(1);
  });

  test("all jobs of a request share its budget", async () => {
    const { work } = counted();
    const budget = new Budget(35_000);
    const some = chatJob("{{ range 100000 }}{{ end }}");
    for (let i = 0; i < 3; i++) await work.run("render", some, budget);
    await expect(work.run("render", some, budget)).rejects.toMatchObject({
      status: 400,
      message: "rendering the prompt takes too long",
    });
  });
});

test.each([
  [new JobEnded("time"), 400, "reading the template takes too long"],
  [new JobEnded("memory"), 400, "reading the template takes too much memory"],
  [new JobEnded("stopped"), 503, "the server is shutting down"],
  [new JobEnded("crashed"), 500, "reading the template failed"],
])("a job that was ended: %s", async (ended, status, message) => {
  const { work } = counted(ended);
  const large = { template: "{{ if .A }}{{ end }}".repeat(10_000) };
  await expect(work.run("answerFormat", large, new Budget())).rejects.toMatchObject({ status, message });
});

test("a failure of the job is that of the request, wherever it happened", async () => {
  const { work } = counted();
  const failing = `${"{{ if true }}{{ end }}".repeat(10_000)}{{ nope }}`;
  for (const template of ["{{ nope }}", failing]) {
    await expect(work.run("answerFormat", { template }, new Budget())).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining('function "nope" not defined'),
    });
  }
});
