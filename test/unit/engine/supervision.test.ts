import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFIRM_MS } from "../../../src/engine/lease.ts";
import type { AcquireOptions } from "../../../src/engine/port.ts";
import { processExists } from "../../../src/lib/process-exists.ts";
import { taskFor } from "../../support/engine-fixtures.ts";
import { outcome, type ProcessEngine, processEngine, scripted } from "../../support/process-engine.ts";
import { errorOf } from "../../support/promise-state.ts";

const NEVER = new AbortController().signal;
const ANYWAY: AcquireOptions = { signal: NEVER };
const STOPPED =
  "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check llamero server logs for details";

const PARENT = join(import.meta.dir, "../../support/engine-parent.ts");

const engines: ProcessEngine[] = [];

function start(options?: Parameters<typeof processEngine>[0]): ProcessEngine {
  const real = processEngine(options);
  engines.push(real);
  return real;
}

afterEach(async () => {
  for (const { engine } of engines.splice(0)) await engine[Symbol.asyncDispose]();
});

const messageOf = async (promise: Promise<unknown>) => (await errorOf(promise)).message;

test("a whole life over real IPC", async () => {
  const { engine, processes } = start();
  await using lease = await engine.acquire(scripted("ok"), ANYWAY);
  const tokens = await lease.tokenize("añ€", { addSpecial: false, parseSpecial: false });
  expect(tokens).toEqual([97, 241, 8364]);
  expect(await lease.detokenize(tokens)).toBe("añ€");
  expect(await outcome(lease.generate(taskFor([1, 2, 3]), NEVER))).toEqual({ text: "1 2 3 ", end: "done" });
  expect(await lease.embed([[1, 2], [3]], NEVER)).toEqual([Float32Array.of(1, 2), Float32Array.of(3)]);
  expect(processes).toHaveLength(1);
});

test("ten thousand messages arrive whole and in order", async () => {
  const { engine } = start();
  await using lease = await engine.acquire(scripted("ok"), ANYWAY);
  const tokens = Array.from({ length: 10_000 }, (_, i) => i);
  const { text, end } = await outcome(lease.generate(taskFor(tokens), NEVER));
  expect(end).toBe("done");
  expect(text).toBe(tokens.map((token) => `${token} `).join(""));
});

describe("a runner that dies while it works", () => {
  test("kill -9: its answers say so, the next request has a new one, and other models go on", async () => {
    const { engine, processes } = start();
    const victim = await engine.acquire(scripted("ok", "a"), ANYWAY);
    const other = await engine.acquire(scripted("ok", "b"), ANYWAY);
    const events = victim.generate(taskFor([1], { grammar: "hold" }), NEVER)[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: "text", text: "a" });
    process.kill(processes[0]!.pid, "SIGKILL");
    expect(await messageOf(events.next())).toBe(`${STOPPED}: signal SIGKILL`);
    await victim[Symbol.asyncDispose]();
    const again = await engine.acquire(scripted("ok", "a"), ANYWAY);
    expect(await outcome(again.generate(taskFor([5]), NEVER))).toEqual({ text: "5 ", end: "done" });
    expect(await outcome(other.generate(taskFor([6]), NEVER))).toEqual({ text: "6 ", end: "done" });
    expect(processes).toHaveLength(3);
  });

  test("an assertion: what had come is delivered, then its line without the path", async () => {
    const { engine } = start();
    await using lease = await engine.acquire(scripted("ok"), ANYWAY);
    expect(await outcome(lease.generate(taskFor([1], { grammar: "abort" }), NEVER))).toEqual({
      text: "a",
      end: `${STOPPED}: signal SIGABRT: ggml.c:1: GGML_ASSERT(ok) failed`,
    });
  });

  test("an exit: everything sent before it is delivered", async () => {
    const { engine } = start();
    await using lease = await engine.acquire(scripted("ok"), ANYWAY);
    // Few enough to fit the socket's buffer: what a process has not been able to write, its exit loses.
    const tokens = Array.from({ length: 50 }, (_, i) => i);
    expect(await outcome(lease.generate(taskFor(tokens, { grammar: "exit" }), NEVER))).toEqual({
      text: tokens.map((token) => `${token} `).join(""),
      end: `${STOPPED}: exit status 3`,
    });
  });

  test("one that closes its IPC and lives on is killed", async () => {
    const { engine, processes } = start();
    await using lease = await engine.acquire(scripted("ok"), ANYWAY);
    const { end } = await outcome(lease.generate(taskFor([1], { grammar: "disconnect" }), NEVER));
    expect(end).toBe(`${STOPPED}: signal SIGKILL`);
    expect(processExists(processes[0]!.pid)).toBe(false);
  });
});

describe("a load that fails", () => {
  test.each([
    ["the runner says why", "fail:no room for /secret/m.gguf", "no room for m.gguf"],
    [
      "it aborts",
      "abort:GGML_ASSERT(n > 0) failed",
      "model runner process has terminated: signal SIGABRT: GGML_ASSERT(n > 0) failed",
    ],
    ["it exits", "exit:7", "model runner process has terminated: exit status 7"],
  ])("%s", async (_, script, expected) => {
    const { engine, processes } = start();
    const waiters = [1, 2].map(() => messageOf(engine.acquire(scripted(script), ANYWAY)));
    expect(await Promise.all(waiters)).toEqual([expected, expected]);
    expect(processExists(processes[0]!.pid)).toBe(false);
    expect(engine.resident()).toEqual([]);
    expect(await messageOf(engine.acquire(scripted(script), ANYWAY))).toBe(expected);
    expect(processes).toHaveLength(2);
  });

  test("it hangs: killed when nothing was heard for the timeout", async () => {
    const { engine, processes, clock, printed } = start({ loadTimeoutMs: 1000 });
    const heard = printed("waiting for the disk");
    const lease = messageOf(engine.acquire(scripted("hang"), ANYWAY));
    await heard;
    clock.advance(999);
    expect(processExists(processes[0]!.pid)).toBe(true);
    clock.advance(1);
    expect(await lease).toBe("timed out waiting for the model runner to start - waiting for the disk");
    expect(processExists(processes[0]!.pid)).toBe(false);
  });

  test("a runner that prints megabytes does not block on its pipes", async () => {
    const { engine } = start();
    await using lease = await engine.acquire(scripted("chatter:3000"), ANYWAY);
    expect(lease.info.contextLength).toBe(4096);
  });
});

describe("cancelling", () => {
  test("while it loads: the load goes on and serves the next", async () => {
    const { engine, processes, printed } = start();
    const heard = printed("waiting for the signal");
    const client = new AbortController();
    const first = messageOf(engine.acquire(scripted("signal"), { signal: client.signal }));
    await heard;
    client.abort();
    expect(await first).toBe("request canceled");
    const second = engine.acquire(scripted("signal"), ANYWAY);
    process.kill(processes[0]!.pid, "SIGUSR2");
    await using lease = await second;
    expect(await lease.detokenize([97])).toBe("a");
    expect(processes).toHaveLength(1);
  });

  test("while it waits for a slot: its place goes to the one behind it", async () => {
    const { engine } = start();
    const lease = await engine.acquire(scripted("ok"), ANYWAY);
    const client = new AbortController();
    const second = messageOf(engine.acquire(scripted("ok"), { signal: client.signal }));
    const third = engine.acquire(scripted("ok"), ANYWAY);
    client.abort();
    expect(await second).toBe("request canceled");
    await lease[Symbol.asyncDispose]();
    await (await third)[Symbol.asyncDispose]();
  });

  test("while it generates: the runner is told, confirms, and the slot serves the next", async () => {
    const { engine, processes } = start();
    const client = new AbortController();
    const lease = await engine.acquire(scripted("ok"), ANYWAY);
    const events = lease.generate(taskFor([1], { grammar: "hold" }), client.signal)[Symbol.asyncIterator]();
    await events.next();
    const next = engine.acquire(scripted("ok"), ANYWAY);
    client.abort();
    expect(await messageOf(events.next())).toBe("request canceled");
    await lease[Symbol.asyncDispose]();
    expect(await outcome((await next).generate(taskFor([9]), NEVER))).toEqual({ text: "9 ", end: "done" });
    expect(processes).toHaveLength(1);
  });

  test("a runner that does not listen is killed, and the next request has a new one", async () => {
    const { engine, processes, clock } = start();
    const lease = await engine.acquire(scripted("ok"), ANYWAY);
    for await (const _ of lease.generate(taskFor([1], { grammar: "spin" }), NEVER)) break;
    const released = lease[Symbol.asyncDispose]();
    const next = engine.acquire(scripted("ok"), ANYWAY);
    clock.advance(CONFIRM_MS);
    await released;
    expect(processExists(processes[0]!.pid)).toBe(false);
    expect(await outcome((await next).generate(taskFor([9]), NEVER))).toEqual({ text: "9 ", end: "done" });
  });
});

describe("no runner is left", () => {
  test("after a shutdown, whatever they were doing", async () => {
    const { engine, processes, printed } = start({ maxLoaded: 3 });
    const heard = printed("waiting for the disk");
    await engine.acquire(scripted("ok", "idle"), ANYWAY);
    const busy = await engine.acquire(scripted("ok", "busy"), ANYWAY);
    const events = busy.generate(taskFor([1], { grammar: "spin" }), NEVER)[Symbol.asyncIterator]();
    await events.next();
    const loading = messageOf(engine.acquire(scripted("hang"), ANYWAY));
    await heard;
    const cut = messageOf(events.next());
    await engine[Symbol.asyncDispose]();
    for (const cutShort of [loading, cut]) expect(await cutShort).toBe("the server is shutting down");
    expect(processes.map(({ pid }) => processExists(pid))).toEqual([false, false, false]);
  });

  test.each(["hold", "spin"])("after the server was killed while a runner does %s", async (grammar) => {
    const directory = mkdtempSync(join(tmpdir(), "llamero-supervision-"));
    const fifo = join(directory, "alive");
    expect(Bun.spawnSync(["mkfifo", fifo]).exitCode).toBe(0);
    const parent = Bun.spawn([process.execPath, PARENT, `fifo:${fifo}`, grammar], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    // The runner alone holds the other end, so the end of the file is the runner's end.
    const reader = Bun.spawn(["cat", fifo], { stdin: "ignore", stdout: "ignore" });
    const output = parent.stdout.getReader();
    const runner = Number(new TextDecoder().decode((await output.read()).value));
    try {
      parent.kill("SIGKILL");
      expect(await reader.exited).toBe(0);
    } finally {
      if (processExists(runner)) process.kill(runner, "SIGKILL");
      reader.kill();
      rmSync(directory, { recursive: true });
    }
  });
});
