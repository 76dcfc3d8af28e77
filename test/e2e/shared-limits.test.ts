/** Two servers that share a Redis hold a limit together, and one whose Redis is gone holds it by itself. Needs redis-server. */
import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownKey } from "../../src/access/known-key.ts";
import { openLimiter } from "../../src/access/open-access.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { memoryCounts, memoryKeys } from "../support/memory-keys.ts";
import { freePort } from "../support/server.ts";

const program = Bun.which("redis-server");

interface TestRedis extends AsyncDisposable {
  url: string;
  kill(): Promise<void>;
  /** Stopped it takes connections and says nothing. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
}

async function startRedis(port: number): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), "llamero-redis-"));
  const argv = [program!, "--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", directory];
  const child = Bun.spawn(argv, { stdout: "ignore", stderr: "ignore" });
  const url = `redis://127.0.0.1:${port}`;
  const kill = async () => {
    child.kill("SIGKILL");
    await child.exited;
    rmSync(directory, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    const probe = new Bun.RedisClient(url, { autoReconnect: false, connectionTimeout: 500 });
    const answer = await probe.connect().then(
      () => probe.send("PING", []),
      () => undefined,
    );
    probe.close();
    if (answer === "PONG")
      return { url, kill, signal: (name) => child.kill(name), [Symbol.asyncDispose]: kill };
    await Bun.sleep(25);
  }
  await kill();
  throw new Error("redis-server did not start");
}

/** What one server has of limits, and what it has logged. */
async function serverWith(redisUrl: string) {
  const log: string[] = [];
  const limiter = await openLimiter(
    { redisUrl },
    {
      books: { keys: memoryKeys(), keyCounts: memoryCounts() },
      clock: systemClock,
      logger: createLogger("info", "text", (line) => log.push(line)),
    },
  );
  return { limiter, log, [Symbol.asyncDispose]: () => limiter[Symbol.asyncDispose]() };
}

const keyWith = (limits: KnownKey["limits"], id: string = crypto.randomUUID()): KnownKey => ({
  id,
  name: "ada",
  hash: "",
  scopes: ["infer"],
  limits,
});

const isLetIn = (admitting: Promise<unknown>): Promise<boolean> =>
  admitting.then(
    () => true,
    (error: { status?: number }) => {
      if (error.status !== 429) throw error;
      return false;
    },
  );

describe.skipIf(program === null)("with a Redis (skipped where there is no redis-server)", () => {
  test("requests at once and tokens are counted over both servers", async () => {
    await using redis = await startRedis(freePort());
    await using one = await serverWith(redis.url);
    await using two = await serverWith(redis.url);
    const places = keyWith({ concurrency: 2 });
    const first = await one.limiter.admit(places);
    await two.limiter.admit(places);
    expect(await isLetIn(one.limiter.admit(places))).toBe(false);
    expect(await isLetIn(two.limiter.admit(places))).toBe(false);
    first?.leave();
    // Leaving is told without waiting for it.
    let again = false;
    for (let tries = 0; tries < 100 && !again; tries++) {
      again = await isLetIn(two.limiter.admit(places));
      if (!again) await Bun.sleep(10);
    }
    expect([again, await isLetIn(one.limiter.admit(places))]).toEqual([true, false]);

    const tokens = keyWith({ tokensPerDay: 10 });
    (await one.limiter.admit(tokens))?.spend(10);
    let refused = false;
    for (let tries = 0; tries < 100 && !refused; tries++) {
      refused = !(await isLetIn(two.limiter.admit(tokens)));
      if (!refused) await Bun.sleep(10);
    }
    expect(refused).toBe(true);
    expect([...one.log, ...two.log]).toEqual([]);
  }, 30_000);

  test("a flood over both servers gets as many places as there are", async () => {
    await using redis = await startRedis(freePort());
    await using one = await serverWith(redis.url);
    await using two = await serverWith(redis.url);
    const key = keyWith({ concurrency: 5 });
    const asked = Array.from({ length: 60 }, (_, at) => isLetIn((at % 2 ? one : two).limiter.admit(key)));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(5);
  }, 30_000);

  test("each server goes on by itself while Redis is down, and together when it is back", async () => {
    const port = freePort();
    await using redis = await startRedis(port);
    await using one = await serverWith(redis.url);
    const key = keyWith({ concurrency: 1, tokensPerDay: 10 });
    (await one.limiter.admit(key))?.leave();
    await redis.kill();
    const admission = await one.limiter.admit(key);
    expect(await isLetIn(one.limiter.admit(key))).toBe(false);
    admission?.spend(10);
    admission?.leave();
    expect(await isLetIn(one.limiter.admit(key))).toBe(false);
    expect(one.log.join("\n")).toContain("Redis cannot be used: this server counts by itself");

    await using back = await startRedis(port);
    expect(back.url).toBe(redis.url);
    const other = keyWith({ concurrency: 1 });
    for (let tries = 0; tries < 300 && !one.log.join("\n").includes("Redis answers again"); tries++) {
      (await one.limiter.admit(other).catch(() => undefined))?.leave();
      await Bun.sleep(50);
    }
    expect(one.log.join("\n")).toContain("Redis answers again");
  }, 60_000);

  test("one that hangs is not waited for, and is used again when it goes on", async () => {
    await using redis = await startRedis(freePort());
    await using one = await serverWith(redis.url);
    const key = keyWith({ concurrency: 1, tokensPerDay: 10 });
    const before = await one.limiter.admit(key);
    redis.signal("SIGSTOP");
    // What was let in by Redis holds its place here too.
    expect(await isLetIn(one.limiter.admit(key))).toBe(false);
    expect(one.log.join("\n")).toContain("it does not answer");
    before?.leave();
    const admission = await one.limiter.admit(key);
    expect(await isLetIn(one.limiter.admit(key))).toBe(false);
    admission?.spend(10);
    admission?.leave();
    expect(await isLetIn(one.limiter.admit(key))).toBe(false);
    redis.signal("SIGCONT");
    const other = keyWith({ concurrency: 1 });
    for (let tries = 0; tries < 300 && !one.log.join("\n").includes("Redis answers again"); tries++) {
      (await one.limiter.admit(other).catch(() => undefined))?.leave();
      await Bun.sleep(50);
    }
    expect(one.log.join("\n")).toContain("Redis answers again");
  }, 60_000);

  test("a server starts without one", async () => {
    await using one = await serverWith(`redis://127.0.0.1:${freePort()}`);
    const key = keyWith({ concurrency: 1 });
    expect([await isLetIn(one.limiter.admit(key)), await isLetIn(one.limiter.admit(key))]).toEqual([
      true,
      false,
    ]);
    expect(one.log).toHaveLength(1);
  }, 30_000);
});
