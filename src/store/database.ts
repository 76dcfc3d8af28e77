import { Database, SQLiteError } from "bun:sqlite";
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite";
import { migrate } from "drizzle-orm/bun-sqlite/migrator";
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import { AppError } from "../lib/errors.ts";
import * as schema from "./schema.ts";

export type Db = BunSQLiteDatabase<typeof schema> & { $client: Database };
/** The database or a transaction in it: what a query needs to know. */
export type Sql = BaseSQLiteDatabase<"sync", void, typeof schema>;

const ATTEMPTS = 100;
const PAUSE_MS = 50;
const MIGRATIONS = `${import.meta.dir}/../../drizzle`;

/**
 * Opens (creates) the database and brings its schema up to date.
 *
 * `synchronous=FULL`, not the usual NORMAL of WAL databases: with NORMAL a power cut may take back the last commits. A removal
 * that is taken back after its blob was unlinked would leave rows that name a missing blob, and a model whose creation was
 * answered with `success` could be gone. Writes are rare (one fsync for a create, copy, delete or pull), so it costs nothing felt.
 */
export function openDatabase(path: string): Db {
  const client = new Database(path, { create: true });
  try {
    client.run("PRAGMA busy_timeout = 5000");
    const db = drizzle(client, { schema });
    withSecondLook(() => {
      client.run("PRAGMA journal_mode = WAL");
      client.run("PRAGMA synchronous = FULL");
      client.run("PRAGMA foreign_keys = ON");
      migrate(db, { migrationsFolder: MIGRATIONS });
    });
    return db;
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Two processes that open one fresh store both see it empty. Whoever is second fails: the tables exist already, or the switch
 * to WAL found the file locked, which SQLite reports without waiting. When it looks again there is nothing left to do.
 */
function withSecondLook(open: () => void): void {
  for (let attempt = 1; ; attempt++) {
    try {
      open();
      return;
    } catch (error) {
      const { code, message = "" } = sqliteError(error) ?? {};
      const race = code === "SQLITE_BUSY" || message.includes("already exists");
      if (!race || attempt === ATTEMPTS) throw sqliteTrouble(error) ?? error;
      Bun.sleepSync(PAUSE_MS);
    }
  }
}

/**
 * Runs `change` as one transaction that holds the write lock from its start, so that what it reads cannot change under it, in
 * this process or another. `change` must be synchronous: bun:sqlite commits before an async callback has run.
 *
 * @throws AppError `no_space` or `busy` for SQLite's own troubles; whatever `change` throws, after rolling back.
 */
export function writeTransaction<T>(db: Db, change: (tx: Sql) => T): T {
  try {
    return db.transaction(change, { behavior: "immediate" });
  } catch (error) {
    throw sqliteTrouble(error) ?? error;
  }
}

/** SQLite's own error: Drizzle wraps those of statements, and hands on those of BEGIN and COMMIT. */
function sqliteError(error: unknown): SQLiteError | undefined {
  if (error instanceof SQLiteError) return error;
  return error instanceof Error && error.cause !== undefined ? sqliteError(error.cause) : undefined;
}

function sqliteTrouble(error: unknown): AppError | undefined {
  const code = sqliteError(error)?.code;
  if (code === "SQLITE_FULL") {
    return new AppError("no_space", "no space left on the disk that holds the models", { cause: error });
  }
  if (code === "SQLITE_BUSY") {
    return new AppError("busy", "the model store is locked by another process", { cause: error });
  }
  return undefined;
}
