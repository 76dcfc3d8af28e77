import type { Scope } from "./scope.ts";

/** Limits on the requests of a key; an absent one does not limit. */
export interface KeyLimits {
  /** Requests for work at once. */
  concurrency?: number;
  /** Tokens, of prompts and answers, in a minute and in a day of the clock (UTC). */
  tokensPerMinute?: number;
  tokensPerDay?: number;
}

/** A key that this server knows, without the key itself. */
export interface KnownKey {
  /** Stays the same for ever; `file:NAME` for one of the keys file, so that servers with the same file count together. */
  id: string;
  name: string;
  /** SHA-256 in hex. */
  hash: string;
  scopes: Scope[];
  limits: KeyLimits;
  /** Milliseconds since the epoch; undefined: never. */
  expiresAt?: number;
  revokedAt?: number;
}
