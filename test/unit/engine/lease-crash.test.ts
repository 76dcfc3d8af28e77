import { describe, expect, test } from "bun:test";
import type { AppError } from "../../../src/lib/errors.ts";
import { specFor, taskFor } from "../../support/engine-fixtures.ts";
import { errorOf, stateOf } from "../../support/promise-state.ts";
import { collect, leased, schedulerInMemory } from "../../support/scheduler-in-memory.ts";

const NEVER = new AbortController().signal;

describe("a crash", () => {
  const TEXT =
    "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check llamero server logs for details: signal SIGSEGV: ggml.c:1: GGML_ASSERT failed";

  test("by SIGKILL has no reason but a line that reads like one", async () => {
    for (const [line, reason] of [
      ["llama_init: default pooling_type is [-1]", ""],
      ["ggml: out of memory", ": ggml: out of memory"],
    ] as const) {
      const { lease, runner } = await leased();
      const tokens = lease.tokenize("a", { addSpecial: true, parseSpecial: true });
      runner.line(line);
      runner.exit(null, "SIGKILL");
      expect((await errorOf(tokens)).message).toEndWith(
        `check llamero server logs for details: signal SIGKILL${reason}`,
      );
    }
  });

  test("reaches everything under way; the next request loads anew", async () => {
    const { lease, runner, runners, acquire, clock } = await leased(2);
    const other = await acquire();
    const failures = [
      collect(lease.generate(taskFor(), NEVER)),
      lease.tokenize("a", { addSpecial: true, parseSpecial: true }),
      other.embed([[1]], NEVER),
    ].map((promise) =>
      promise.then(
        () => "fine",
        (error: AppError) => `${error.status} ${error.message}`,
      ),
    );
    const waiting = acquire();
    await stateOf(waiting);
    runner.line("/src/ggml.c:1: GGML_ASSERT failed");
    runner.exit(null, "SIGSEGV");
    expect(await Promise.all(failures)).toEqual(Array(3).fill(`500 ${TEXT}`));
    await lease[Symbol.asyncDispose]();
    runners.last.load();
    await waiting;
    expect(runners.all).toHaveLength(2);
    await other[Symbol.asyncDispose]();
    expect(clock.pending).toEqual([]);
  });

  test("later work on a lease of the dead runner fails the same way", async () => {
    const { lease, runner } = await leased();
    runner.line("/src/ggml.c:1: GGML_ASSERT failed");
    runner.exit(null, "SIGSEGV");
    expect((await errorOf(collect(lease.generate(taskFor(), NEVER)))).message).toContain(TEXT);
    expect((await errorOf(lease.embed([[1]], NEVER))).message).toContain(TEXT);
  });

  test("leaves other models alone", async () => {
    const { engine, runners, acquire } = schedulerInMemory({ maxLoaded: 2 });
    const leases = [acquire(specFor("a")), acquire(specFor("b"))];
    for (const runner of runners.all) runner.load();
    const [, b] = await Promise.all(leases);
    runners.all[0]!.exit(1);
    const events = collect(b!.generate(taskFor(), NEVER));
    runners.all[1]!.done(runners.all[1]!.last("generate").id);
    expect(await events).toHaveLength(1);
    expect(engine.resident().map(({ spec }) => spec.name)).toEqual(["b:latest"]);
  });
});
