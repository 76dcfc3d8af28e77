import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { LOOK_MS } from "../../../src/engine/runner/hang-watch.ts";
import { specFor, taskFor } from "../../support/engine-fixtures.ts";
import { processEngine, scripted } from "../../support/process-engine.ts";
import { errorOf } from "../../support/promise-state.ts";
import { collect, leased } from "../../support/scheduler-in-memory.ts";

const NEVER = new AbortController().signal;
const HUNG = "the model runner did not respond and was stopped";

describe("a runner that hangs while it generates", () => {
  test("is killed when it says nothing and does nothing; the answer fails and the next request has a new one", async () => {
    const { lease, runner, clock, acquire, runners } = await leased();
    const answer = collect(lease.generate(taskFor(), NEVER));
    clock.advance(2 * LOOK_MS);
    expect(runner.killed).toBe(false);
    clock.advance(LOOK_MS);
    expect(runner.killed).toBe(true);
    expect(await errorOf(answer)).toMatchObject({ kind: "engine", message: HUNG });
    void acquire(specFor("a"));
    expect(runners.all).toHaveLength(2);
  });

  test("is left alone while it computes, however long a step takes, up to ten minutes", async () => {
    const { lease, runner, clock } = await leased();
    const answer = collect(lease.generate(taskFor(), NEVER));
    for (let look = 1; look < 120; look++) {
      runner.cpu += 1000;
      clock.advance(LOOK_MS);
    }
    expect(runner.killed).toBe(false);
    runner.cpu += 1000;
    clock.advance(LOOK_MS);
    expect(runner.killed).toBe(true);
    expect((await errorOf(answer)).message).toBe(HUNG);
  });

  test("is left alone while threads of it end, whose waiting is no longer counted", async () => {
    const { lease, runner, clock } = await leased();
    void collect(lease.generate(taskFor(), NEVER)).catch(() => {});
    for (let look = 0; look < 10; look++) {
      runner.cpu -= 400;
      clock.advance(LOOK_MS);
    }
    expect(runner.killed).toBe(false);
  });

  test("is left alone while it is heard of", async () => {
    const { lease, runner, clock } = await leased();
    void collect(lease.generate(taskFor(), NEVER)).catch(() => {});
    const { id } = runner.last("generate");
    for (let look = 0; look < 300; look++) {
      runner.say({ type: "text", items: [{ id, text: "a" }] });
      clock.advance(LOOK_MS);
    }
    expect(runner.killed).toBe(false);
  });

  test("is not watched when it has nothing to do", async () => {
    const { lease, runner, clock } = await leased();
    const answer = collect(lease.generate(taskFor(), NEVER));
    runner.done(runner.last("generate").id);
    await answer;
    clock.advance(10 * LOOK_MS);
    expect(runner.killed).toBe(false);
    expect(clock.pending).toEqual([]);
  });

  test("also when its client has left: the slot does not stay taken", async () => {
    const { lease, runner, clock, acquire } = await leased();
    const client = new AbortController();
    const answer = collect(lease.generate(taskFor(), client.signal));
    client.abort();
    await errorOf(answer);
    void lease[Symbol.asyncDispose]();
    const next = acquire();
    clock.advance(3 * LOOK_MS);
    expect(runner.killed).toBe(true);
    void next.catch(() => {});
  });
});

/** Looks again and again until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Bun.sleep(5);
}

/** What the kernel says of each thread; they stop one after the other. */
const threadsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8"));

test.skipIf(process.platform !== "linux")(
  "a real process that was stopped by SIGSTOP is not busy",
  async () => {
    const { engine, processes } = processEngine();
    await using lease = await engine.acquire(scripted("ok"), { signal: NEVER });
    const [process_] = processes;
    process.kill(process_!.pid, "SIGSTOP");
    await until(() => threadsOf(process_!.pid).every((stat) => stat.includes(") T ")));
    const before = process_!.busyMs();
    await Bun.sleep(50);
    expect(process_!.busyMs()).toBe(before);
    expect(before).toBeNumber();
    process.kill(process_!.pid, "SIGCONT");
    await lease.tokenize("a", { addSpecial: false, parseSpecial: false });
    await engine[Symbol.asyncDispose]();
  },
);
