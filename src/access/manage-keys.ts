import { badRequest } from "../lib/errors.ts";
import type { ApiKeys } from "../store/api-keys.ts";
import type { ApiKeyRow } from "../store/schema.ts";
import { newKey } from "./key-text.ts";
import type { KeyLimits } from "./known-key.ts";
import { isScope, SCOPES, type Scope } from "./scope.ts";

/** The name, scopes, expiry and limits of a key to be made. */
export interface KeyOrder {
  name: string;
  /** Default: infer. */
  scopes?: readonly string[];
  /** Milliseconds since the epoch; default: never. */
  expiresAt?: number;
  limits?: KeyLimits;
}

const NAME = /^[\w][\w.@+-]{0,63}$/;

/**
 * Makes a key. Its text is in the reply and nowhere else: the server keeps its hash.
 *
 * @throws AppError `bad_request` for a name, scope, time or limit that cannot be; `read_only` and `no_space` of the store.
 */
export function createKey(books: ApiKeys, order: KeyOrder, now: number): { key: ApiKeyRow; text: string } {
  const { name, expiresAt, limits = {} } = order;
  if (!NAME.test(name)) {
    throw badRequest(
      "name must have 1 to 64 letters, digits or any of . _ @ + -, and begin with a letter or digit",
    );
  }
  if (expiresAt !== undefined && !(expiresAt > now)) throw badRequest("a key cannot expire in the past");
  const { id, text, hash } = newKey();
  const key: ApiKeyRow = {
    id,
    name,
    hash,
    scopes: scopesOf(order.scopes ?? ["infer"]),
    createdAt: now,
    expiresAt: expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
    concurrency: limitOf("concurrency", limits.concurrency),
    tokensPerMinute: limitOf("tokens_per_minute", limits.tokensPerMinute),
    tokensPerDay: limitOf("tokens_per_day", limits.tokensPerDay),
  };
  if (!books.add(key))
    throw badRequest(`there is an API key "${name}" already: revoke it, or take another name`);
  return { key, text };
}

function scopesOf(texts: readonly string[]): Scope[] {
  const wrong = texts.find((text) => !isScope(text));
  if (wrong !== undefined || texts.length === 0)
    throw badRequest(`scopes must be some of ${SCOPES.join(", ")}, not "${wrong ?? ""}"`);
  return SCOPES.filter((scope) => texts.includes(scope));
}

function limitOf(name: string, limit: number | undefined): number | null {
  if (limit === undefined) return null;
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw badRequest(`${name} must be a whole number from 1 on, not ${limit}`);
}

/**
 * Revokes a key by its id, or by the name of one that is not revoked.
 *
 * @returns the key; undefined when there is none.
 */
export function revokeKey(books: ApiKeys, reference: string, now: number): ApiKeyRow | undefined {
  const named = books.list().find(({ name, revokedAt }) => name === reference && revokedAt === null);
  return books.revoke(named?.id ?? reference, now);
}
