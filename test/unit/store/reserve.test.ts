import { expect, test } from "bun:test";
import { cpSync, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  openDatabase,
  openInMemory,
  openWithoutRoom,
  writeTransaction,
} from "../../../src/store/database.ts";
import { fillReserve, releaseReserve } from "../../../src/store/reserve.ts";
import { manifests } from "../../../src/store/schema.ts";
import { openStore } from "../../../src/store/store.ts";
import { commitTexts, nameOf, tempDirectory } from "../../support/store-fixture.ts";

const RESERVE = 2 * 2 ** 20;
const row = (digest: string, bytes = 1) => ({ digest, json: Buffer.alloc(bytes), totalSize: 0 });

test("a store keeps a reserve, which is filled up at the start", () => {
  using directory = tempDirectory();
  const path = join(directory.path, "llamero.reserve");
  openStore({ directory: directory.path })[Symbol.dispose]();
  expect(statSync(path).size).toBe(RESERVE);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, "x".repeat(1000));
  openStore({ directory: directory.path })[Symbol.dispose]();
  expect(statSync(path).size).toBeGreaterThanOrEqual(RESERVE);
});

test("it is given up once, whole", () => {
  using directory = tempDirectory();
  fillReserve(directory.path);
  expect(releaseReserve(directory.path)).toBe(RESERVE);
  expect(releaseReserve(directory.path)).toBe(0);
});

test("a transaction that finds the disk full is tried again without it, and then it is filled again", () => {
  using directory = tempDirectory();
  const db = openDatabase(join(directory.path, "llamero.db"));
  const path = join(directory.path, "llamero.reserve");
  fillReserve(directory.path);
  db.$client.run("pragma max_page_count = 60");
  let attempts = 0;
  const change = () =>
    writeTransaction(db, (tx) => {
      attempts++;
      if (!existsSync(path)) db.$client.run("pragma max_page_count = 10000");
      tx.insert(manifests).values(row("a", 1_000_000)).run();
    });
  expect(change).not.toThrow();
  expect(attempts).toBe(2);
  expect(db.select({ digest: manifests.digest }).from(manifests).all()).toEqual([{ digest: "a" }]);
  expect(statSync(path).size).toBe(RESERVE);
  db.$client.close();
});

test("books without a log are those with one, and the other way round", async () => {
  using first = tempDirectory();
  using second = tempDirectory();
  {
    using store = openStore({ directory: first.path });
    await commitTexts(store, nameOf("a"), {});
  }
  // SQLite remembers in one process what it knows of a file.
  cpSync(first.path, second.path, { recursive: true });
  const path = join(second.path, "llamero.db");
  const bytes = await Bun.file(path).bytes();
  const copy = openInMemory(bytes);
  expect(copy.select().from(manifests).all()).toHaveLength(1);
  copy.$client.close();
  const db = openWithoutRoom(path);
  writeTransaction(db, (tx) => tx.insert(manifests).values(row("b")).run());
  expect(db.select().from(manifests).all()).toHaveLength(2);
  db.$client.close();
});
