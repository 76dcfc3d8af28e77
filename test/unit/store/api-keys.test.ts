/** API keys outlive the books: a server that has asked for keys never stops to by itself. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiKeyRow } from "../../../src/store/schema.ts";
import { openStore } from "../../../src/store/store.ts";
import { tempDirectory } from "../../support/store-fixture.ts";

const row = (id: string, more: Partial<ApiKeyRow> = {}): ApiKeyRow => ({
  id,
  name: `name-${id}`,
  hash: "ab".repeat(32),
  scopes: ["infer"],
  createdAt: 1000,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  concurrency: null,
  tokensPerMinute: 100,
  tokensPerDay: null,
  ...more,
});

const books = (directory: string) => join(directory, "llamero.db");
const copy = (directory: string) => join(directory, "keys.json");

/** A store at rest with a key and a revoked one. */
function filled() {
  const directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  store.keys.add(row("a"));
  store.keys.add(row("b", { createdAt: 2000 }));
  store.keys.revoke("b", 3000);
  return directory;
}

function keysIn(directory: string): ApiKeyRow[] {
  using store = openStore({ directory });
  return store.keys.list();
}

const KEYS = [row("a"), row("b", { createdAt: 2000, revokedAt: 3000 })];

describe("keys", () => {
  test("are found, revoked and noted, and seen by another process at once", () => {
    using directory = tempDirectory();
    using store = openStore({ directory: directory.path });
    using other = openStore({ directory: directory.path });
    expect([store.keys.any(), store.keys.add(row("a")), other.keys.any()]).toEqual([false, true, true]);
    expect(other.keys.find("a")).toEqual(row("a"));
    expect(store.keys.add(row("c", { name: "name-a" }))).toBe(false);
    expect(other.keys.revoke("a", 9)?.revokedAt).toBe(9);
    expect(store.keys.revoke("a", 10)?.revokedAt).toBe(9);
    expect([store.keys.find("a")?.revokedAt, store.keys.any(), store.keys.revoke("x", 1)]).toEqual([
      9,
      true,
      undefined,
    ]);
    expect(store.keys.add(row("c", { name: "name-a" }))).toBe(true);
    store.keys.noteUse(new Map([["a", 77]]));
    expect(other.keys.find("a")?.lastUsedAt).toBe(77);
  });

  test("lie beside the books for their owner alone", () => {
    using directory = filled();
    expect(statSync(copy(directory.path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(copy(directory.path), "utf8"))).toEqual({ keys: KEYS });
  });
});

describe("keys are there again when the books", () => {
  test("are deleted", () => {
    using directory = filled();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(books(directory.path) + suffix, { force: true });
    expect(keysIn(directory.path)).toEqual(KEYS);
    expect(keysIn(directory.path)).toEqual(KEYS);
  });

  test("are cut off", () => {
    using directory = filled();
    truncateSync(books(directory.path), 4096);
    expect(keysIn(directory.path)).toEqual(KEYS);
  });

  test("are replaced by ones from before the keys, and revoked ones stay so", () => {
    using directory = tempDirectory();
    openStore({ directory: directory.path })[Symbol.dispose]();
    copyFileSync(books(directory.path), `${books(directory.path)}.old`);
    {
      using store = openStore({ directory: directory.path });
      store.keys.add(row("a"));
    }
    copyFileSync(books(directory.path), `${books(directory.path)}.living`);
    {
      using store = openStore({ directory: directory.path });
      store.keys.revoke("a", 5);
    }
    for (const backup of ["old", "living"]) {
      for (const suffix of ["-wal", "-shm"]) rmSync(books(directory.path) + suffix, { force: true });
      copyFileSync(`${books(directory.path)}.${backup}`, books(directory.path));
      expect(keysIn(directory.path)).toEqual([row("a", { revokedAt: 5 })]);
    }
  });
});

describe("the copy", () => {
  test("is made anew from the books when it is gone or damaged", () => {
    using directory = filled();
    for (const spoil of [
      () => rmSync(copy(directory.path)),
      () => writeFileSync(copy(directory.path), '{"keys":['),
    ]) {
      spoil();
      expect(keysIn(directory.path)).toEqual(KEYS);
      expect(JSON.parse(readFileSync(copy(directory.path), "utf8"))).toEqual({ keys: KEYS });
    }
  });

  test.each(["{", '{"keys":[{"id":1}]}', "[]", ""])(
    "that says %j where the books are gone closes the server",
    (text) => {
      using directory = filled();
      for (const suffix of ["", "-wal", "-shm"]) rmSync(books(directory.path) + suffix, { force: true });
      writeFileSync(copy(directory.path), text);
      for (const _start of [1, 2]) {
        using store = openStore({ directory: directory.path });
        expect(store.keys.any()).toBe(true);
        expect(store.keys.list().map(({ id, revokedAt }) => [id, revokedAt])).toEqual([["lost", 0]]);
      }
    },
  );

  test("is not written for a store without keys", () => {
    using directory = tempDirectory();
    expect(keysIn(directory.path)).toEqual([]);
    expect(statSync(copy(directory.path), { throwIfNoEntry: false })).toBeUndefined();
  });
});

test("a store of a version without keys opens", () => {
  using directory = tempDirectory();
  openStore({ directory: directory.path })[Symbol.dispose]();
  const db = new Database(books(directory.path));
  db.run("drop table api_keys");
  db.run("drop table key_counts");
  db.run(
    "delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)",
  );
  db.close();
  expect(keysIn(directory.path)).toEqual([]);
});

test("counts of windows that have not ended are kept", () => {
  using directory = tempDirectory();
  const endsAt = Date.now() + 100_000;
  {
    using store = openStore({ directory: directory.path });
    store.keyCounts.save([
      { window: "a", tokens: 5, endsAt },
      { window: "b", tokens: 6, endsAt: 1 },
    ]);
    store.keyCounts.save([{ window: "a", tokens: 7, endsAt }]);
  }
  using store = openStore({ directory: directory.path });
  expect(store.keyCounts.load()).toEqual([{ window: "a", tokens: 7, endsAt }]);
});
