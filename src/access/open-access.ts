import type { Config } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { ApiKeys } from "../store/api-keys.ts";
import type { KeyCounts } from "../store/key-counts.ts";
import type { Counters } from "./counters.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { LocalCounters } from "./local-counters.ts";
import { RedisCounters } from "./redis-counters.ts";
import { SturdyCounters } from "./sturdy-counters.ts";
import { WatchedKeysFile } from "./watched-keys-file.ts";

export interface AccessDeps {
  books: { keys: ApiKeys; keyCounts: KeyCounts };
  clock: Clock;
  logger: Logger;
}

/** The keys that a server knows. @throws AppError for a file of keys that cannot be used. */
export function openKeys(
  { apiKeysFile, requireKeys }: Pick<Config, "apiKeysFile" | "requireKeys">,
  { books, clock, logger }: AccessDeps,
): KeyRing {
  const file = apiKeysFile === "" ? {} : { file: new WatchedKeysFile(apiKeysFile, clock, logger) };
  return createKeyRing({ books: books.keys, ...file, require: requireKeys, clock, logger });
}

/** The limiter of all keys, counting in Redis where there is one. Redis may come and go. */
export async function openLimiter(
  { redisUrl }: Pick<Config, "redisUrl">,
  { books, clock, logger }: AccessDeps,
): Promise<Limiter> {
  const local = new LocalCounters({ books: books.keyCounts, clock, logger });
  return createLimiter(redisUrl === "" ? local : await shared(redisUrl, local, { clock, logger }), clock);
}

async function shared(
  url: string,
  local: Counters,
  { clock, logger }: Pick<AccessDeps, "clock" | "logger">,
): Promise<Counters> {
  const redis = new RedisCounters(url);
  const counters = new SturdyCounters({ shared: redis, local, clock, logger });
  await counters.begin(() => redis.connect());
  return counters;
}
