import { describe, expect, test } from "bun:test";
import type { KnownKey } from "../../../src/access/known-key.ts";
import { createLimiter } from "../../../src/access/limiter.ts";
import { LocalCounters } from "../../../src/access/local-counters.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { memoryCounts, memoryLimiter } from "../../support/memory-keys.ts";

/** 30 s into a minute, an hour before the day ends. */
const NOW = Date.UTC(2026, 10, 30, 23, 0, 30);

const keyWith = (limits: KnownKey["limits"], id = "k"): KnownKey => ({
  id,
  name: "ada",
  hash: "",
  scopes: ["infer"],
  limits,
});

/** The refusal's seconds; undefined for a request that is let in. */
async function refusedFor(admitting: Promise<unknown>): Promise<number | undefined> {
  try {
    await admitting;
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ kind: "rate_limited", status: 429 });
    return (error as { retryAfter: number }).retryAfter;
  }
}

test("a key without limits is not counted", async () => {
  expect(await memoryLimiter(new FakeClock(NOW)).admit(keyWith({}))).toBeUndefined();
});

describe("requests at once", () => {
  test("are as many as the key may have, each of which leaves once", async () => {
    const limiter = memoryLimiter(new FakeClock(NOW));
    const key = keyWith({ concurrency: 2 });
    const first = await limiter.admit(key);
    await limiter.admit(key);
    expect(await refusedFor(limiter.admit(key))).toBe(1);
    expect(await refusedFor(limiter.admit(keyWith({ concurrency: 1 }, "other")))).toBeUndefined();
    first?.leave();
    first?.leave();
    expect(await refusedFor(limiter.admit(key))).toBeUndefined();
    expect(await refusedFor(limiter.admit(key))).toBe(1);
  });
});

describe("tokens", () => {
  test.each([
    [{ tokensPerMinute: 100 }, 30],
    [{ tokensPerDay: 100 }, 3570],
    [{ tokensPerMinute: 100, tokensPerDay: 100 }, 3570],
  ])("of %j that are used up come back when the window ends", async (limits, seconds) => {
    const clock = new FakeClock(NOW);
    const limiter = memoryLimiter(clock);
    (await limiter.admit(keyWith(limits)))?.spend(99);
    const last = await limiter.admit(keyWith(limits));
    last?.spend(50);
    expect(await refusedFor(limiter.admit(keyWith(limits)))).toBe(seconds);
    clock.advance(seconds * 1000 - 1);
    expect(await refusedFor(limiter.admit(keyWith(limits)))).toBe(1);
    clock.advance(1);
    expect(await refusedFor(limiter.admit(keyWith(limits)))).toBeUndefined();
  });

  test("of a day are remembered by the next server", async () => {
    const clock = new FakeClock(NOW);
    const books = memoryCounts();
    const start = () => createLimiter(new LocalCounters({ books, clock, logger: silentLogger }), clock);
    {
      await using limiter = start();
      (await limiter.admit(keyWith({ tokensPerDay: 10 })))?.spend(10);
    }
    expect(books.saved).toHaveLength(1);
    expect(await refusedFor(start().admit(keyWith({ tokensPerDay: 10 })))).toBe(3570);
  });
});
