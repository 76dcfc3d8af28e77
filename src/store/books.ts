import { Database } from "bun:sqlite";
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "../lib/logger.ts";
import { type Db, openDatabase, openInMemory, openWithoutRoom } from "./database.ts";
import { findDamage } from "./find-damage.ts";
import { releaseReserve } from "./reserve.ts";
import { salvageBooks } from "./salvage.ts";
import { isDamaged, isFull, isReadOnly, readOnlyText, sqliteError, storeTrouble } from "./trouble.ts";

/** The database of a store, opened in whatever state it and its disk are. */
export interface Books {
  db: Db;
  /** Why nothing can be written. The database is a copy in memory then. */
  readOnly?: string;
  /** Why the books had to be begun anew, although there may be blobs; undefined when they were there and whole. */
  begun?: string;
}

const FILES = ["", "-wal", "-shm"];

/**
 * Opens the books of the store in `root`. Damaged ones are renamed, and new ones begun with the rows that can still be read. On a full
 * disk the reserve is given up, and if that is not enough, no log is written beside the database. Where nothing can be written, the books
 * are read into memory.
 *
 * @throws AppError `busy` when another process holds the database locked; one that names the file for any other failure.
 */
export function openBooks(root: string, logger: Logger): Books {
  const path = join(root, "llamero.db");
  if (!isWritable(root)) return { ...openCopy(path), readOnly: readOnlyText(root) };
  try {
    return openOrBegin(path, root, logger);
  } catch (error) {
    if (isReadOnly(error)) return { ...openCopy(path), readOnly: readOnlyText(path) };
    if (!isFull(error)) throw storeTrouble(error, path) ?? error;
    const reason = storeTrouble(error, root)?.message ?? String(error);
    return { ...openCopy(path), readOnly: reason };
  }
}

function isWritable(root: string): boolean {
  try {
    for (const path of [root, join(root, "blobs")]) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function openOrBegin(path: string, root: string, logger: Logger): Books {
  if (sizeOf(path) === 0) return { db: openRoomily(path, root, logger), begun: `"${path}" was not there` };
  const found = openWhole(path, root, logger);
  if ("db" in found) return found;
  const aside = setAside(path);
  const db = openRoomily(path, root, logger);
  salvageBooks(db, aside, root);
  return { db, begun: `"${path}" was damaged (${found.damage}) and is kept as "${aside}"` };
}

/** Opens an existing database, and checks whether it is whole. */
function openWhole(path: string, root: string, logger: Logger): { db: Db } | { damage: string } {
  let db: Db | undefined;
  try {
    db = openRoomily(path, root, logger);
    const damage = findDamage(db);
    if (damage === undefined) return { db };
    db.$client.close();
    return { damage };
  } catch (error) {
    db?.$client.close();
    if (!isDamaged(error)) throw error;
    return { damage: sqliteError(error)?.message ?? String(error) };
  }
}

function openRoomily(path: string, root: string, logger: Logger): Db {
  try {
    return openDatabase(path);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  try {
    if (releaseReserve(root) > 0) return openDatabase(path);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  const db = openWithoutRoom(path);
  logger.warn(
    "no space left on the disk: no other process can use the store, until this one is restarted with some",
    {
      directory: root,
    },
  );
  return db;
}

/** Renames a damaged database. @returns its new path. */
function setAside(path: string): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const names = [`${path}.damaged-${stamp}`, `${path}.damaged-${stamp}-${crypto.randomUUID().slice(0, 8)}`];
  const aside = names.find((name) => !existsSync(name)) ?? names[0]!;
  for (const suffix of FILES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}

/** The books in memory, or empty ones where there are none that can be read. */
function openCopy(path: string): Books {
  if (sizeOf(path) > 0) {
    const db = openWholeCopy(path);
    if (db !== undefined) return { db };
  }
  return { db: openInMemory(), begun: `"${path}" was not there, or damaged` };
}

function openWholeCopy(path: string): Db | undefined {
  try {
    const db = openInMemory(bytesWithLog(path));
    if (findDamage(db) === undefined) return db;
    db.$client.close();
    return undefined;
  } catch (error) {
    if (sqliteError(error) === undefined) throw error;
    return undefined;
  }
}

/** The database's bytes with the changes of its log, which are applied to a copy elsewhere. */
function bytesWithLog(path: string): Uint8Array {
  if (sizeOf(`${path}-wal`) === 0) return readFileSync(path);
  const directory = mkdtempSync(join(tmpdir(), "llamero-"));
  try {
    const copy = join(directory, "copy.db");
    for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, copy + suffix);
    using client = new Database(copy);
    client.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return readFileSync(copy);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
