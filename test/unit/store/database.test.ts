import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { openDatabase, writeTransaction } from "../../../src/store/database.ts";
import { manifests } from "../../../src/store/schema.ts";
import { tempDirectory } from "../../support/store-fixture.ts";

const row = (digest: string, bytes = 1) => ({ digest, json: Buffer.alloc(bytes), totalSize: 0 });

test("a transaction that throws changes nothing", () => {
  using directory = tempDirectory();
  const db = openDatabase(join(directory.path, "x.db"));
  const change = () =>
    writeTransaction(db, (tx) => {
      tx.insert(manifests).values(row("a")).run();
      throw new Error("second thoughts");
    });
  expect(change).toThrow("second thoughts");
  expect(db.select().from(manifests).all()).toEqual([]);
  db.$client.close();
});

test("a full database is `no_space`, and what was written before stays", () => {
  using directory = tempDirectory();
  const db = openDatabase(join(directory.path, "x.db"));
  writeTransaction(db, (tx) => tx.insert(manifests).values(row("a")).run());
  db.$client.run("pragma max_page_count = 40");
  const change = () => writeTransaction(db, (tx) => tx.insert(manifests).values(row("b", 1_000_000)).run());
  expect(change).toThrow(expect.objectContaining({ kind: "no_space" }));
  expect(db.select({ digest: manifests.digest }).from(manifests).all()).toEqual([{ digest: "a" }]);
  db.$client.close();
});

test("a database that another process keeps locked is `busy`", () => {
  using directory = tempDirectory();
  const path = join(directory.path, "x.db");
  const db = openDatabase(path);
  db.$client.run("pragma busy_timeout = 1");
  using other = new Database(path);
  other.run("begin immediate");
  expect(() => writeTransaction(db, () => {})).toThrow(expect.objectContaining({ kind: "busy" }));
  other.run("rollback");
  expect(() => writeTransaction(db, () => {})).not.toThrow();
  db.$client.close();
});

test("the database is durable, checked and shared", () => {
  using directory = tempDirectory();
  const { $client } = openDatabase(join(directory.path, "x.db"));
  const value = (pragma: string) => Object.values($client.query(`pragma ${pragma}`).get() as object)[0];
  expect(value("journal_mode")).toBe("wal");
  expect(value("synchronous")).toBe(2);
  expect(value("foreign_keys")).toBe(1);
  expect(value("busy_timeout")).toBe(5000);
  $client.close();
});

test("a file that is no database is reported as it is, at once", async () => {
  using directory = tempDirectory();
  const path = join(directory.path, "x.db");
  await Bun.write(path, "this is no database, whatever its name says".repeat(100));
  expect(() => openDatabase(path)).toThrow("file is not a database");
});
