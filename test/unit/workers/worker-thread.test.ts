import { expect, test } from "bun:test";
import type { Order } from "../../../src/workers/jobs.ts";
import { WorkerPool } from "../../../src/workers/worker-pool.ts";
import { JobEnded, WorkerThread } from "../../../src/workers/worker-thread.ts";
import { chatJob } from "../../support/chat-job.ts";

const rendering = (template: string, micros = Number.POSITIVE_INFINITY): Order<"render"> => ({
  name: "render",
  input: chatJob(template),
  micros,
});

const ENDLESS = rendering("{{ range 9000000000000000000 }}{{ end }}");

/**
 * Processor seconds that this process takes while it waits for so many milliseconds: the least of three times, since what other tests
 * have left is collected meanwhile, which a thread that runs on would not end with.
 */
async function cpuWhileWaiting(ms: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3; times++) {
    const before = process.cpuUsage();
    await Bun.sleep(ms);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

test("a job is done in a thread as it is done here, failures included", async () => {
  using pool = new WorkerPool();
  expect(await pool.run(rendering("<{{ .Prompt }}>"))).toMatchObject({
    type: "done",
    output: { text: "<hi>", images: 0 },
  });
  expect(await pool.run(rendering("{{ .Nope.Nope }}{{ range }}"))).toMatchObject({
    type: "refused",
    status: 500,
    message: expect.stringContaining("missing value for range"),
  });
  expect(await pool.run({ ...ENDLESS, micros: 1_000 })).toMatchObject({ type: "over-budget" });
});

test("what runs too long is ended, and takes no processor time from then on", async () => {
  const thread = new WorkerThread();
  await expect(thread.run(ENDLESS, 300)).rejects.toMatchObject({ why: "time" });
  expect(await cpuWhileWaiting(500)).toBeLessThan(0.25);
});

test("a pool that is disposed ends what it does; one that has ended a job does the next", async () => {
  const pool = new WorkerPool();
  const running = [pool.run(ENDLESS), pool.run(ENDLESS), pool.run(ENDLESS)];
  const ends = Promise.allSettled(running);
  await Bun.sleep(200);
  pool[Symbol.dispose]();
  expect(await Promise.race(running).catch((error: unknown) => error)).toBeInstanceOf(JobEnded);
  for (const end of await ends) expect(end.status).toBe("rejected");
}, 20_000);
