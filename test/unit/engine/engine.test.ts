import { expect, test } from "bun:test";
import type { Config } from "../../../src/config/config.ts";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { createEngine } from "../../../src/engine/engine.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { specFor } from "../../support/engine-fixtures.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemoryRunners } from "../../support/memory-runner.ts";

const BASE = resolveConfig({}, { homedir: "/home/me" });

function engineOf(config: Partial<Config>) {
  const clock = new FakeClock();
  const runners = new MemoryRunners();
  const engine = createEngine({ ...BASE, ...config }, silentLogger, clock, runners.spawn);
  const signal = new AbortController().signal;
  const loads = (count: number) => {
    for (let i = 0; i < count; i++) engine.acquire(specFor(`m${i}`), { signal }).catch(() => {});
    return runners.all.length;
  };
  return { engine, clock, runners, signal, loads };
}

test.each([
  [1, 1],
  [2, 2],
  [3, 3],
])("maxLoadedModels %i loads %i at a time", (maxLoadedModels, expected) => {
  expect(engineOf({ maxLoadedModels }).loads(5)).toBe(expected);
});

test("the rest of the configuration reaches the runner and the limits", async () => {
  const { engine, clock, runners, signal } = engineOf({
    numParallel: 3,
    contextLength: 2048,
    numThreads: 5,
    keepAlive: 7000,
    loadTimeoutMs: 900,
    kvCacheType: "q8_0",
    flashAttention: "off",
  });
  const lease = engine.acquire(specFor("a"), { signal });
  expect(clock.pending).toEqual([900]);
  runners.last.load();
  expect(runners.last.last("load")).toMatchObject({
    parallel: 3,
    contextLength: 2048,
    threads: 5,
    kvCacheType: "q8_0",
    flashAttention: "off",
  });
  await (await lease)[Symbol.asyncDispose]();
  expect(clock.pending).toEqual([7000]);
});
