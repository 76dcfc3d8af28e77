import { describe, expect, test } from "bun:test";
import type { AppError } from "../../../../src/lib/errors.ts";
import { specFor } from "../../../support/engine-fixtures.ts";
import { errorOf, stateOf } from "../../../support/promise-state.ts";
import { schedulerInMemory } from "../../../support/scheduler-in-memory.ts";

describe("acquire", () => {
  test("spawns, sends the load after hello, and hands out the lease when the model is ready", async () => {
    const { acquire, runners, clock } = schedulerInMemory({ numParallel: 2, kvCacheType: "q8_0" });
    const lease = acquire(specFor("a", { numCtx: 100, numGpu: 7, useMmap: true, mainGpu: 1 }));
    expect(runners.last.sent).toEqual([]);
    clock.advance(2);
    runners.last.load();
    expect(runners.last.sent).toEqual([
      {
        type: "load",
        modelPath: "/models/blobs/a",
        adapterPaths: [],
        embeddingOnly: false,
        ranks: false,
        contextLength: 100,
        parallel: 2,
        batchSize: 0,
        gpuLayers: 7,
        mainGpu: 1,
        useMmap: true,
        threads: 0,
        flashAttention: "auto",
        kvCacheType: "q8_0",
      },
    ]);
    const { info, loadDuration } = await lease;
    expect(info).toMatchObject({ contextLength: 100, parallel: 2 });
    expect(loadDuration).toBe(2e6);
  });

  test("what makes a load take long is told while it loads", async () => {
    const { engine, acquire, runners } = schedulerInMemory();
    const lease = acquire();
    expect(engine.resident()[0]?.step).toBeUndefined();
    runners.last.line("loading: building vision");
    runners.last.line("loading: compiled clip.cpp (1 of 5)");
    expect(engine.resident()[0]?.step).toBe("compiled clip.cpp (1 of 5)");
    runners.last.load();
    await lease;
    expect(engine.resident()[0]?.step).toBeUndefined();
  });

  test("the vocabulary while every slot is taken, and the model stays until it is given back", async () => {
    const { engine, acquire, runners } = schedulerInMemory();
    const holder = acquire(undefined, 0);
    runners.last.load();
    await holder;
    const queued = acquire();
    const reader = await engine.acquireTokenizer(specFor("a"), { signal: new AbortController().signal });
    expect(await stateOf(queued)).toBe("pending");
    expect(engine.resident()).toMatchObject([{ active: 1, waiting: 1 }]);
    const tokens = reader.tokenize("a", { addSpecial: false, parseSpecial: true });
    const { id } = runners.last.last("tokenize");
    runners.last.say({ type: "tokens", id, tokens: [5] });
    expect(await tokens).toEqual([5]);
    await (await holder)[Symbol.asyncDispose]();
    await (await queued)[Symbol.asyncDispose]();
    expect(runners.last.killed).toBe(false);
    await reader[Symbol.asyncDispose]();
    expect(runners.last.killed).toBe(true);
  });

  test("an abort while loading rejects at once; the load goes on and its model stays", async () => {
    const { engine, acquire, runners } = schedulerInMemory();
    const client = new AbortController();
    const lease = engine.acquire(specFor("a"), { signal: client.signal });
    client.abort();
    expect(await errorOf(lease)).toMatchObject({ kind: "cancelled", status: 499 });
    runners.last.load();
    await acquire();
    expect(runners.all).toHaveLength(1);
  });

  test("an abort in the queue frees its place", async () => {
    const { engine, acquire, runners } = schedulerInMemory({ maxQueue: 1 });
    const first = acquire();
    runners.last.load();
    const client = new AbortController();
    const second = engine.acquire(specFor("a"), { signal: client.signal });
    expect(await errorOf(acquire())).toMatchObject({ kind: "busy", status: 503 });
    client.abort();
    expect(await errorOf(second)).toMatchObject({ kind: "cancelled" });
    const third = acquire();
    await (await first)[Symbol.asyncDispose]();
    expect(await third).toBeDefined();
  });

  test("whoever has left already starts nothing", async () => {
    const { engine, runners } = schedulerInMemory();
    const lease = engine.acquire(specFor("a"), { signal: AbortSignal.abort() });
    expect(await errorOf(lease)).toMatchObject({ kind: "cancelled" });
    expect(runners.all).toEqual([]);
  });

  test("a process that cannot be started is an error of the request, and the next one tries again", async () => {
    let attempts = 0;
    const { acquire, engine } = schedulerInMemory({
      spawn() {
        attempts++;
        throw new Error("EAGAIN /usr/bin/bun");
      },
    });
    for (const _ of [1, 2])
      expect((await errorOf(acquire())).message).toContain("the model runner could not be started");
    expect(attempts).toBe(2);
    expect(engine.resident()).toEqual([]);
  });
});

describe("residency", () => {
  test("resident() tells the state, the expiry, and who uses and awaits it", async () => {
    const { engine, acquire, runners, clock } = schedulerInMemory();
    const spec = specFor("a");
    const first = acquire(spec, 5000);
    const second = acquire(spec);
    const now = clock.now();
    expect(engine.resident()).toEqual([
      { spec, state: "loading", expiresAt: now + 5000, memoryBytes: 1000, active: 0, waiting: 2 },
    ]);
    runners.last.load();
    await (await first)[Symbol.asyncDispose]();
    expect(engine.resident()).toMatchObject([
      { state: "ready", expiresAt: now + 5000, active: 1, waiting: 0 },
    ]);
    await (await second)[Symbol.asyncDispose]();
    clock.advance(1000);
    expect(engine.resident()).toMatchObject([{ state: "ready", expiresAt: now + 5000, active: 0 }]);
    expect(engine.unload(spec.weightsDigest)).toBe(true);
    expect(engine.resident()).toMatchObject([{ state: "unloading", expiresAt: now + 1000 }]);
  });

  test("the keep-alive timer kills the process; the table is free when it has ended", async () => {
    const { engine, acquire, runners, clock } = schedulerInMemory();
    const lease = acquire(specFor("a"), 5000);
    runners.last.load();
    await (await lease)[Symbol.asyncDispose]();
    const again = acquire();
    expect(clock.pending).toEqual([]);
    await (await again)[Symbol.asyncDispose]();
    clock.advance(4999);
    expect(runners.last.killed).toBe(false);
    clock.advance(1);
    expect(runners.last.killed).toBe(true);
    expect(engine.unload(specFor("a").weightsDigest)).toBe(false);
    await stateOf(new Promise(() => {}));
    expect(engine.resident()).toEqual([]);
    expect(clock.pending).toEqual([]);
  });

  test("two tags of the same weights share one runner, under the name of the first", async () => {
    const { engine, acquire, runners } = schedulerInMemory({ numParallel: 2 });
    const leases = [acquire(specFor("a")), acquire({ ...specFor("a"), name: "other:latest" })];
    runners.last.load();
    await Promise.all(leases);
    expect(engine.resident().map(({ spec }) => spec.name)).toEqual(["a:latest"]);
    expect(runners.all).toHaveLength(1);
  });

  test("unload of what is not loaded", () => {
    const { engine } = schedulerInMemory();
    expect(engine.unload(specFor("a").weightsDigest)).toBe(false);
  });
});

describe("shutdown", () => {
  test("kills every runner, rejects whoever waits, and returns when all have ended", async () => {
    const { engine, acquire, runners, clock } = schedulerInMemory({ maxLoaded: 2 });
    const lease = acquire();
    runners.last.load();
    await lease;
    const loading = acquire(specFor("b"));
    const waiting = acquire();
    const rejected = [loading, waiting].map((promise) => promise.catch((error: AppError) => error.message));
    await engine[Symbol.asyncDispose]();
    expect(runners.all.map(({ killed }) => killed)).toEqual([true, true]);
    expect(await Promise.all(rejected)).toEqual(Array(2).fill("the server is shutting down"));
    expect(engine.resident()).toEqual([]);
    expect(clock.pending).toEqual([]);
    expect((await errorOf(acquire())).message).toContain("the server is shutting down");
  });
});

describe("loading", () => {
  test("nothing heard for the timeout: killed, and every waiter is told with the last line", async () => {
    const { acquire, runners, clock } = schedulerInMemory({ loadTimeoutMs: 1000 });
    const waiters = [acquire(), acquire()].map((lease) => lease.catch((error: AppError) => error.message));
    const [runner] = runners.all;
    clock.advance(999);
    runner!.say({ type: "hello" });
    clock.advance(999);
    runner!.progress();
    clock.advance(999);
    runner!.line("error: slow disk");
    clock.advance(999);
    expect(runner!.killed).toBe(false);
    clock.advance(1);
    expect(runner!.killed).toBe(true);
    const text = "timed out waiting for the model runner to start - error: slow disk";
    expect(await Promise.all(waiters)).toEqual([text, text]);
    void acquire();
    expect(runners.all).toHaveLength(2);
  });

  test("a load that we ended ourselves is not taken for a lack of memory", async () => {
    const { engine, acquire, runners, clock } = schedulerInMemory({ maxLoaded: 2, loadTimeoutMs: 1000 });
    const first = acquire();
    runners.last.load();
    await (await first)[Symbol.asyncDispose]();
    const second = acquire(specFor("b"));
    clock.advance(1000);
    expect((await errorOf(second)).message).toStartWith("timed out waiting");
    expect(engine.resident().map(({ spec }) => spec.name)).toEqual(["a:latest"]);
    expect(runners.all).toHaveLength(2);
  });

  test("a timeout that is already up when ready comes is not taken back", async () => {
    const { acquire, runners, clock } = schedulerInMemory({ loadTimeoutMs: 1000 });
    const lease = acquire().catch((error: AppError) => error.message);
    const [runner] = runners.all;
    clock.advance(1000);
    runner!.load();
    expect(await lease).toStartWith("timed out waiting");
  });

  test("after ready no timeout runs", async () => {
    const { acquire, runners, clock } = schedulerInMemory({ loadTimeoutMs: 1000 });
    const lease = acquire();
    runners.last.load();
    await lease;
    expect(clock.pending).toEqual([]);
  });

  test("without a limit it waits for ever", async () => {
    const { acquire, runners, clock } = schedulerInMemory({ loadTimeoutMs: Number.POSITIVE_INFINITY });
    const lease = acquire();
    clock.advance(1e12);
    runners.last.load();
    await lease;
  });

  test("the runner's own words when it cannot load, and its process does not linger", async () => {
    const { acquire, runners } = schedulerInMemory();
    const lease = acquire();
    runners.last.say({ type: "failed", message: "failed to load model: bad magic in /models/blobs/a" });
    expect(runners.last.killed).toBe(true);
    expect(await errorOf(lease)).toMatchObject({
      kind: "engine",
      message: expect.stringMatching(
        /^failed to load model: bad magic in a: this model may be .*`llamero pull a:latest`$/,
      ),
    });
  });

  test("an exit while loading", async () => {
    const { acquire, runners } = schedulerInMemory();
    const lease = acquire();
    runners.last.line("Illegal instruction");
    runners.last.exit(null, "SIGILL");
    expect((await errorOf(lease)).message).toContain(
      "model runner process has terminated: signal SIGILL: Illegal instruction",
    );
  });

  test("the kernel's kill while another model is loaded: that one goes and the load is tried once more", async () => {
    const { acquire, runners } = schedulerInMemory({ maxLoaded: 2 });
    const first = acquire();
    runners.last.load();
    await (await first)[Symbol.asyncDispose]();
    const second = acquire(specFor("b"));
    runners.last.exit(null, "SIGKILL");
    await stateOf(second);
    expect(runners.all[0]!.killed).toBe(true);
    expect(runners.all).toHaveLength(3);
    runners.last.load();
    await second;
  });
});
