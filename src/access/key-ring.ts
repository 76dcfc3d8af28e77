import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import type { Logger } from "../lib/logger.ts";
import type { ApiKeys } from "../store/api-keys.ts";
import type { ApiKeyRow } from "../store/schema.ts";
import { hashOf, idIn, sameHash } from "./key-text.ts";
import type { KnownKey } from "./known-key.ts";
import { isScope } from "./scope.ts";

/** The key of a request, or why it has none that counts. */
export type Identity =
  | { type: "known"; key: KnownKey }
  /** The request has no key. */
  | { type: "none" }
  /** The request has a key that this server does not know. */
  | { type: "unknown" }
  | { type: "expired" | "revoked"; key: KnownKey };

export interface KeyRingOptions {
  books: ApiKeys;
  /** Keys of OLLAMA_API_KEYS_FILE. */
  file?: { readonly keys: readonly KnownKey[] };
  /** OLLAMA_REQUIRE_KEYS; auto: once there has been a key, or where there is a file for them, an empty one too. */
  require: "auto" | boolean;
  clock: Clock;
  logger: Logger;
}

/** How often the times of the keys' last use are written into the books, in milliseconds. */
const NOTE_MS = 60_000;

/** The keys of the books and of the keys file. */
export interface KeyRing extends Disposable {
  readonly books: ApiKeys;
  /** Keys of the file as it is now. */
  readonly file: readonly KnownKey[];
  /** Must a caller have a key? */
  required(): boolean;
  identify(headers: Headers): Identity;
}

/**
 * The keys that a request carries (docs/behaviour: keys §2): `Authorization: Bearer` of Ollama's and OpenAI's clients, `x-api-key` of Anthropic's. Both may be
 * there, one of them with a placeholder.
 */
function presentedKeys(headers: Headers): string[] {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  const own = headers.get("x-api-key")?.trim();
  return [...new Set([bearer, own])].filter((key): key is string => key !== undefined && key !== "");
}

export function createKeyRing({ books, file, require, clock, logger }: KeyRingOptions): KeyRing {
  const notes = useNotes(books, clock, logger);

  /** Compares every key of the file, so that the time does not tell which one it is. */
  function find(text: string): KnownKey | undefined {
    const hash = hashOf(text);
    const listed = (file?.keys ?? []).filter((key) => sameHash(key.hash, hash));
    const id = idIn(text);
    const row = id === undefined ? undefined : books.find(id);
    return row !== undefined && sameHash(row.hash, hash) ? knownKey(row) : listed[0];
  }

  return {
    books,
    get file() {
      return file?.keys ?? [];
    },
    required: () => (require === "auto" ? file !== undefined || books.any() : require),
    identify(headers) {
      const presented = presentedKeys(headers);
      const found = presented.map((text) => judge(find(text), clock.now()));
      const identity =
        found.find(({ type }) => type === "known") ?? found.find(({ type }) => type !== "unknown");
      if (identity?.type === "known") notes.used(identity.key.id);
      return identity ?? { type: presented.length === 0 ? "none" : "unknown" };
    },
    [Symbol.dispose]: () => notes[Symbol.dispose](),
  };
}

function judge(key: KnownKey | undefined, now: number): Identity {
  if (key === undefined) return { type: "unknown" };
  const state = stateOf(key, now);
  return { type: state === "valid" ? "known" : state, key };
}

/** Is a key valid at the time `now`? */
export function stateOf({ revokedAt, expiresAt }: KnownKey, now: number): "valid" | "expired" | "revoked" {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt !== undefined && expiresAt <= now ? "expired" : "valid";
}

/** A key of the books. A scope that this version does not know gives nothing. */
export const knownKey = (row: ApiKeyRow): KnownKey => ({
  id: row.id,
  name: row.name,
  hash: row.hash,
  scopes: row.scopes.filter(isScope),
  limits: defined({
    concurrency: row.concurrency ?? undefined,
    tokensPerMinute: row.tokensPerMinute ?? undefined,
    tokensPerDay: row.tokensPerDay ?? undefined,
  }),
  ...defined({ expiresAt: row.expiresAt ?? undefined, revokedAt: row.revokedAt ?? undefined }),
});

/** Notes when keys are used, together and now and then, so that no request waits for the disk. */
function useNotes(books: ApiKeys, clock: Clock, logger: Logger) {
  let uses = new Map<string, number>();
  let cancel: (() => void) | undefined;
  const write = (): void => {
    cancel = undefined;
    const noted = uses;
    uses = new Map();
    try {
      if (noted.size > 0) books.noteUse(noted);
    } catch (error) {
      logger.warn("it could not be noted when API keys were used", { error: String(error) });
    }
  };
  return {
    used(id: string): void {
      uses.set(id, clock.now());
      cancel ??= clock.after(NOTE_MS, write);
    },
    [Symbol.dispose](): void {
      cancel?.();
      write();
    },
  };
}
