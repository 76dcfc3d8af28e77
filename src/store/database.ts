import { Database } from "bun:sqlite";
import { dirname } from "node:path";
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite";
import { migrate } from "drizzle-orm/bun-sqlite/migrator";
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import { keepPrivate, makePrivateFile } from "./private-files.ts";
import { fillReserve, releaseReserve } from "./reserve.ts";
import * as schema from "./schema.ts";
import { isFull, sqliteError, storeTrouble } from "./trouble.ts";

export type Db = BunSQLiteDatabase<typeof schema> & { $client: Database };
/** The database or a transaction in it: whatever queries can be run on. */
export type Sql = BaseSQLiteDatabase<"sync", void, typeof schema>;

/** SQLite's name for a database that is no file. */
const MEMORY = ":memory:";
/** How long to wait for a lock of another process. */
const BUSY_MS = 5000;
const PAUSE_MS = 50;
const MIGRATIONS = `${import.meta.dir}/../../drizzle`;

/**
 * Opens (creates) the database and brings its schema up to date.
 *
 * `synchronous=FULL`, not the usual NORMAL of WAL databases: with NORMAL a power cut may take back the last commits. A removal
 * that is taken back after its blob was unlinked would leave rows that name a missing blob, and a model whose creation was
 * answered with `success` could be gone. Writes are rare (one fsync for a create, copy, delete or pull), so nobody notices the cost.
 *
 * `secure_delete`: deleted data, such as somebody's response, are overwritten.
 *
 * @throws SQLite's error.
 */
export function openDatabase(path: string): Db {
  if (path !== MEMORY) makePrivateFile(path);
  // SQLite makes these with the mode of the database, which a former version left open to all.
  for (const suffix of ["-wal", "-shm"]) keepPrivate(path + suffix);
  return open(new Database(path, { create: true }), (client) => {
    client.run("PRAGMA journal_mode = WAL");
    client.run("PRAGMA synchronous = FULL");
  });
}

/**
 * Opens a database on a disk with no byte left: for this process alone, and with its log in memory, so that no file has to grow. A
 * crash in the middle of a write may damage it; it is made anew then, as any that is damaged.
 *
 * @throws SQLite's error.
 */
export function openWithoutRoom(path: string): Db {
  return open(new Database(path), (client) => {
    client.run("PRAGMA locking_mode = EXCLUSIVE");
    client.run("PRAGMA journal_mode = MEMORY");
  });
}

/** Opens the bytes of a database in memory. Everything written to it is lost at the end. @throws SQLite's error. */
export function openInMemory(bytes?: Uint8Array): Db {
  return open(bytes === undefined ? new Database(MEMORY) : Database.deserialize(withoutLog(bytes)), () => {});
}

/** The same database in a journal mode that needs no file beside it: bytes 18 and 19 are 2 for a log (WAL), 1 for none. */
function withoutLog(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.fill(1, 18, 20);
  return copy;
}

function open(client: Database, prepare: (client: Database) => void): Db {
  try {
    client.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    const db = drizzle(client, { schema });
    withSecondLook(() => {
      prepare(client);
      client.run("PRAGMA foreign_keys = ON");
      client.run("PRAGMA secure_delete = ON");
      migrate(db, { migrationsFolder: MIGRATIONS });
    });
    return db;
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Two processes that open one fresh store both see it empty. The second one fails: the tables exist already, or the switch
 * to WAL found the file locked, which SQLite reports without waiting. When it looks again there is nothing left to do.
 */
function withSecondLook(open: () => void): void {
  const deadline = Bun.nanoseconds() + BUSY_MS * 1e6;
  for (;;) {
    try {
      open();
      return;
    } catch (error) {
      const { code, message = "" } = sqliteError(error) ?? {};
      const race = code === "SQLITE_BUSY" || /already exists|duplicate column/.test(message);
      if (!race || Bun.nanoseconds() > deadline) throw error;
      Bun.sleepSync(PAUSE_MS);
    }
  }
}

/**
 * Runs `change` as one transaction that holds the write lock from its start, so that rows which it has read cannot change under it, by
 * this process or another. `change` must be synchronous: bun:sqlite commits before an async callback has run. On a full disk it is run
 * once more when the reserve has been given up, so it must be repeatable.
 *
 * @throws AppError `no_space`, `busy` or another one that names the database for SQLite's own failures; the error of `change`, after
 *   rolling back.
 */
export function writeTransaction<T>(db: Db, change: (tx: Sql) => T): T {
  const path = db.$client.filename;
  const attempt = (): T => db.transaction(change, { behavior: "immediate" });
  try {
    return attempt();
  } catch (error) {
    if (isFull(error) && path !== MEMORY && releaseReserve(dirname(path)) > 0)
      return onReserve(path, attempt);
    throw storeTrouble(error, path) ?? error;
  }
}

/**
 * Runs `change` as {@link writeTransaction} does, for writes that nobody should wait for: it waits neither for another process nor for
 * the disk. A power cut, and nothing less, may take the change back.
 *
 * @throws AppError as {@link writeTransaction}; `busy` at once.
 */
export function writeUnhurried<T>(db: Db, change: (tx: Sql) => T): T {
  db.$client.run("PRAGMA busy_timeout = 0");
  db.$client.run("PRAGMA synchronous = NORMAL");
  try {
    return writeTransaction(db, change);
  } finally {
    db.$client.run("PRAGMA synchronous = FULL");
    db.$client.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}

function onReserve<T>(path: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw storeTrouble(error, path) ?? error;
  } finally {
    fillReserve(dirname(path));
  }
}

/**
 * Writes the log beside the database into the database, and empties the log, which still contains deleted data. While another process
 * reads the database the log is left as it is.
 */
export function emptyLog(db: Db): void {
  db.$client.run("PRAGMA wal_checkpoint(TRUNCATE)");
}
