import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * API keys of callers; see `api-keys.ts`. A row is never removed, so that a server which once asked for keys goes on asking, and usage
 * under a revoked key can still be reported.
 */
export const apiKeys = sqliteTable("api_keys", {
  /** The part of the key that is no secret. */
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** SHA-256 of the whole key, in hex. */
  hash: text("hash").notNull(),
  scopes: text("scopes", { mode: "json" }).$type<string[]>().notNull(),
  /** Milliseconds since the epoch, these and the following. */
  createdAt: integer("created_at").notNull(),
  /** Null: never. */
  expiresAt: integer("expires_at"),
  revokedAt: integer("revoked_at"),
  lastUsedAt: integer("last_used_at"),
  /** Most requests at once; null: no limit, these and the following. */
  concurrency: integer("concurrency"),
  tokensPerMinute: integer("tokens_per_minute"),
  tokensPerDay: integer("tokens_per_day"),
});

/** Tokens that were used in a window of time under a limit, for a server that is started anew within it. */
export const keyCounts = sqliteTable("key_counts", {
  /** The limiter's name of the key and the window. */
  window: text("window").primaryKey(),
  tokens: integer("tokens").notNull(),
  /** When the window ends, in milliseconds since the epoch. */
  endsAt: integer("ends_at").notNull(),
});

export type ApiKeyRow = typeof apiKeys.$inferSelect;
