import { createKeyRing, type KeyRing } from "../../src/access/key-ring.ts";
import { createLimiter, type Limiter } from "../../src/access/limiter.ts";
import { LocalCounters } from "../../src/access/local-counters.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import type { ApiKeys } from "../../src/store/api-keys.ts";
import type { KeyCount, KeyCounts } from "../../src/store/key-counts.ts";
import type { ApiKeyRow } from "../../src/store/schema.ts";

/** The books of API keys, in memory. */
export function memoryKeys(): ApiKeys {
  const rows = new Map<string, ApiKeyRow>();
  return {
    list: () => [...rows.values()],
    find: (id) => rows.get(id),
    any: () => rows.size > 0,
    add(key) {
      if ([...rows.values()].some(({ name, revokedAt }) => name === key.name && revokedAt === null))
        return false;
      rows.set(key.id, key);
      return true;
    },
    revoke(id, revokedAt) {
      const row = rows.get(id);
      if (row !== undefined && row.revokedAt === null) rows.set(id, { ...row, revokedAt });
      return rows.get(id);
    },
    noteUse(uses) {
      for (const [id, lastUsedAt] of uses) {
        const row = rows.get(id);
        if (row !== undefined) rows.set(id, { ...row, lastUsedAt });
      }
    },
  };
}

/** Counts that outlive a limiter, in memory. */
export function memoryCounts(): KeyCounts & { saved: KeyCount[] } {
  const books = {
    saved: [] as KeyCount[],
    load: () => books.saved,
    save(counts: readonly KeyCount[]) {
      books.saved = [...counts];
    },
  };
  return books;
}

/** The keys of a server under test, none at first. @param require OLLAMA_REQUIRE_KEYS. */
export const memoryKeyRing = (clock: Clock, require: "auto" | boolean = "auto"): KeyRing =>
  createKeyRing({ books: memoryKeys(), require, clock, logger: silentLogger });

export const memoryLimiter = (clock: Clock, books: KeyCounts = memoryCounts()): Limiter =>
  createLimiter(new LocalCounters({ books, clock, logger: silentLogger }), clock);
