import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { codeOf } from "../lib/error-code.ts";
import { isRecord } from "../lib/is-record.ts";
import { readBoundedFile } from "../lib/read-bounded-file.ts";
import { syncDirectory } from "./blob-files.ts";
import type { ApiKeyRow } from "./schema.ts";
import { writeSynced } from "./write-synced.ts";

/**
 * The API keys once more, as the file `keys.json` beside the books: hashes, no key. When the books are lost the keys must not be, or
 * a server that asked for them would be open to everybody.
 */
const NAME = "keys.json";

/** Room for a hundred thousand keys. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The keys in the file; `damaged` where they cannot be read. */
export type KeysCopy = readonly ApiKeyRow[] | "absent" | "damaged";

export const keysCopyPath = (root: string): string => join(root, NAME);

export function readKeysCopy(root: string): KeysCopy {
  try {
    const value: unknown = JSON.parse(readBoundedFile(keysCopyPath(root), MAX_BYTES).toString("utf8"));
    if (!isRecord(value) || !Array.isArray(value.keys) || !value.keys.every(isRow)) return "damaged";
    return value.keys;
  } catch (error) {
    return codeOf(error) === "ENOENT" ? "absent" : "damaged";
  }
}

const isTime = (value: unknown): boolean => value === null || Number.isFinite(value);

function isRow(value: unknown): value is ApiKeyRow {
  if (!isRecord(value)) return false;
  const { id, name, hash, scopes, createdAt } = value;
  const { expiresAt, revokedAt, lastUsedAt, concurrency, tokensPerMinute, tokensPerDay } = value;
  return (
    [id, name, hash].every((text) => typeof text === "string") &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === "string") &&
    Number.isFinite(createdAt) &&
    [expiresAt, revokedAt, lastUsedAt, concurrency, tokensPerMinute, tokensPerDay].every(isTime)
  );
}

/** Writes the file, whole or not at all. The caller holds the books' write lock. @throws the system's error. */
export function writeKeysCopy(root: string, keys: readonly ApiKeyRow[]): void {
  const path = keysCopyPath(root);
  // Under the lock nobody else writes this file, and the leftover of a crash is overwritten.
  const temporary = `${path}.tmp`;
  try {
    writeSynced(temporary, "w", Buffer.from(`${JSON.stringify({ keys }, null, 1)}\n`));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}
