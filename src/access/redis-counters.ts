import { RedisClient } from "bun";
import { randomId } from "../lib/random-id.ts";
import type { Counters, Leave } from "./counters.ts";
import type { Window } from "./windows.ts";

/** Prefix of all of llamero's names in Redis. */
const PREFIX = "llamero:";

/** A place is free again when its server has not renewed it for so many milliseconds: the server was killed. */
const PLACE_MS = 30_000;
const RENEW_MS = 10_000;

/** How long a count outlives its window, for servers whose clocks are behind. */
const SLACK_MS = 60_000;

/** By Redis's own clock, as the servers' may differ. */
const NOW = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000);`;

/** Takes a place in the sorted set KEYS[1], whose scores are when places become free by themselves. */
const ENTER = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** A place that was lost, because Redis was away for long, is taken again: its request goes on. */
const RENEW = `${NOW}
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/** Counts in Redis, for all servers with the same Redis. Every call throws when Redis fails. */
export class RedisCounters implements Counters {
  readonly #redis: RedisClient;
  readonly #places = new Map<string, string>();
  readonly #renewing: Timer;

  constructor(url: string) {
    // Without a queue a command fails at once while there is no connection; the client connects again by itself.
    this.#redis = new RedisClient(url, {
      connectionTimeout: 2000,
      enableOfflineQueue: false,
      // The largest number that Bun accepts, so it tries for ever.
      maxRetries: 2 ** 32 - 1,
    });
    this.#renewing = setInterval(() => void this.#renew(), RENEW_MS);
    this.#renewing.unref();
  }

  /** @throws Error when Redis cannot be reached. */
  async connect(): Promise<void> {
    await this.#redis.connect();
  }

  async enter(keyId: string, most: number): Promise<Leave | undefined> {
    const [places, place] = [`${PREFIX}places:${keyId}`, randomId(16)];
    const taken = await this.#redis.send("EVAL", [ENTER, "1", places, String(most), place, String(PLACE_MS)]);
    if (Number(taken) !== 1) return undefined;
    this.#places.set(place, places);
    return () => {
      if (!this.#places.delete(place)) return;
      // Where this fails the place becomes free by itself.
      this.#redis.send("ZREM", [places, place]).catch(() => {});
    };
  }

  async #renew(): Promise<void> {
    for (const [place, places] of this.#places) {
      // The next turn tries again, long before the place is lost.
      await this.#redis.send("EVAL", [RENEW, "1", places, place, String(PLACE_MS)]).catch(() => {});
    }
  }

  async used(windows: readonly Window[]): Promise<number[]> {
    if (windows.length === 0) return [];
    const counts: unknown = await this.#redis.send("MGET", windows.map(countName));
    return Array.isArray(counts) ? counts.map(Number) : [];
  }

  async add(windows: readonly Window[], tokens: number): Promise<void> {
    await Promise.all(
      windows.map(async (window) => {
        await this.#redis.send("INCRBY", [countName(window), String(tokens)]);
        await this.#redis.send("PEXPIREAT", [countName(window), String(window.endsAt + SLACK_MS)]);
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#renewing);
    this.#redis.close();
  }
}

const countName = ({ name }: Window): string => `${PREFIX}tokens:${name}`;
