import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveLaunch } from "../../../src/engine/launch.ts";
import { automaticMemory, cacheSettings, createPromptFiles } from "../../../src/engine/prompt-cache.ts";
import { hexOf } from "../../../src/lib/digest.ts";
import { LAUNCH_DEFAULTS, specFor } from "../../support/engine-fixtures.ts";
import { schedulerInMemory } from "../../support/scheduler-in-memory.ts";

const GIB = 2 ** 30;
const LIMITS = { memoryBytes: 6 * GIB, diskBytes: 4 * GIB, root: "/store/prompt-cache" };

test("a quarter of what is free, at most 8 GiB", () => {
  expect(automaticMemory(4 * GIB)).toBe(GIB);
  expect(automaticMemory(100 * GIB)).toBe(8 * GIB);
});

describe("what a runner may keep", () => {
  const settings = (more: Partial<typeof LIMITS> = {}, launch = LAUNCH_DEFAULTS, spec = specFor("a")) =>
    cacheSettings(spec, resolveLaunch(spec, launch), { ...LIMITS, ...more }, 2);

  test("is its share of the memory, and the folder of its weights", () => {
    const weights = hexOf(specFor("a").weightsDigest);
    expect(settings()).toMatchObject({
      memoryBytes: 3 * GIB,
      disk: { root: LIMITS.root, bytes: 4 * GIB, weights },
    });
  });

  test("is nothing where both are off, or where it only embeds", () => {
    expect(settings({ memoryBytes: 0, diskBytes: 0 })).toBeUndefined();
    expect(settings({}, LAUNCH_DEFAULTS, specFor("a", {}, { embeddingOnly: true }))).toBeUndefined();
    expect(settings({ diskBytes: 0 })).toEqual({ memoryBytes: 3 * GIB });
  });

  test("has another key where a saved state would mean something else", () => {
    const plain = settings()?.disk?.key;
    const lora = specFor("a", {}, { adapterPaths: ["/blobs/sha256-1"] });
    for (const other of [
      settings({}, { ...LAUNCH_DEFAULTS, kvCacheType: "q8_0" }),
      settings({}, { ...LAUNCH_DEFAULTS, flashAttention: "off" }),
      settings({}, { ...LAUNCH_DEFAULTS, numParallel: 2 }),
      settings({}, LAUNCH_DEFAULTS, lora),
    ]) {
      expect(other?.disk?.key).not.toBe(plain!);
    }
    for (const options of [{ numThread: 3, numBatch: 64 }, { numCtx: 8192 }]) {
      expect(settings({}, LAUNCH_DEFAULTS, specFor("a", options))?.disk?.key).toBe(plain!);
    }
  });
});

describe("a runner with a cache on disk", () => {
  const cache = LIMITS;

  test("is let finish when its model is unloaded, and killed when it takes too long", async () => {
    const { engine, clock, runners, acquire } = schedulerInMemory({ cache });
    const acquired = acquire();
    const runner = runners.last;
    runner.load();
    await (await acquired)[Symbol.asyncDispose]();
    engine.unload(specFor("a").weightsDigest);
    expect(runner.count("retire")).toBe(1);
    expect(runner.killed).toBe(false);
    clock.advance(5000);
    expect(runner.killed).toBe(true);
  });

  test("tells what it keeps, and shares the memory with the models that come", async () => {
    const { engine, runners, acquire } = schedulerInMemory({ cache, maxLoaded: 3 });
    const first = acquire(specFor("a"));
    const runner = runners.last;
    runner.load();
    runner.say({ type: "cache", memoryBytes: 123, diskBytes: 456 });
    expect(engine.resident()[0]?.cache).toEqual({ memoryBytes: 123, diskBytes: 456 });
    const second = acquire(specFor("b"));
    expect(runner.last("cache_budget")).toEqual({ type: "cache_budget", memoryBytes: 3 * GIB });
    expect(runners.last.last).toBeDefined();
    runners.last.load();
    expect(runners.last.last("load").cache?.memoryBytes).toBe(3 * GIB);
    runners.last.exit(1);
    expect(runner.last("cache_budget")).toEqual({ type: "cache_budget", memoryBytes: 6 * GIB });
    await first;
    await second.catch(() => {});
  });
});

test("the files of a store: listed by model, removed, and nothing else with them", async () => {
  const root = mkdtempSync(join(tmpdir(), "llamero-files-"));
  try {
    const files = createPromptFiles(join(root, "prompt-cache"));
    expect(await files.list()).toEqual([]);
    const weights = specFor("a").weightsDigest;
    const folder = join(root, "prompt-cache", hexOf(weights));
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(root, "prompt-cache", "mine"));
    writeFileSync(join(folder, "x.kv"), "12345");
    expect(await files.list()).toEqual([{ weights, bytes: 5 }]);
    await files.clear();
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(root, "prompt-cache", "mine"))).toBe(true);
  } finally {
    rmSync(root, { recursive: true });
  }
});
