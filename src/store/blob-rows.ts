import { existsSync, lstatSync, renameSync, rmSync, utimesSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { blobPath, type StagedBlob, syncDirectory } from "./blob-files.ts";
import { type Db, type Sql, writeTransaction } from "./database.ts";
import { isHeld } from "./pull-blobs.ts";
import { digestsOfRunning } from "./pulls.ts";
import { type BlobRow, blobs, layers } from "./schema.ts";

/** The `stat` of a blob's file; undefined when there is no such file, or a link, which may lead out of the store. */
export function statBlob(
  directory: string,
  digest: Digest,
): { size: number; mtime: number; links: number } | undefined {
  const stat = lstatSync(blobPath(directory, digest), { throwIfNoEntry: false });
  if (!stat?.isFile()) return undefined;
  return { size: stat.size, mtime: Math.trunc(stat.mtimeMs), links: stat.nlink };
}

/** The row of a blob that is there, its file included. */
export function findBlob(sql: Sql, directory: string, digest: Digest): BlobRow | undefined {
  const row = findUnmarked(sql, digest);
  return row !== undefined && statBlob(directory, digest)?.size === row.size ? row : undefined;
}

/** A row whose file has not been found missing. */
function findUnmarked(db: Sql, digest: Digest): BlobRow | undefined {
  const query = rowQueries.get(db) ?? rowQuery(db);
  rowQueries.set(db, query);
  const row = query.get({ digest });
  return row?.missing ? undefined : row;
}

const rowQuery = (db: Sql) =>
  db
    .select()
    .from(blobs)
    .where(eq(blobs.digest, sql.placeholder("digest")))
    .prepare();

/** Compiled once: every request waits for this query, and Drizzle takes longer to build it than SQLite to answer it. */
const rowQueries = new WeakMap<Sql, ReturnType<typeof rowQuery>>();

/**
 * Marks a blob missing whose file is gone or has another size, so that its models are no longer listed. Check and mark are one
 * transaction, or the mark could hit a blob that another process has just put back.
 */
export function noteIfMissing(db: Db, directory: string, digest: Digest): void {
  if (findUnmarked(db, digest) === undefined) return;
  writeTransaction(db, (tx) => {
    if (findBlob(tx, directory, digest) !== undefined) return;
    tx.update(blobs).set({ missing: true, verifiedAt: null }).where(eq(blobs.digest, digest)).run();
  });
}

/**
 * Sets file and row to `now`, which begins a blob's period of grace anew. A file that another store has a link to is left alone:
 * it became ours with its model, and goes with it.
 */
export function touchBlob(sql: Sql, directory: string, digest: Digest, now: number): void {
  if ((statBlob(directory, digest)?.links ?? 0) > 1) return;
  utimesSync(blobPath(directory, digest), now / 1000, now / 1000);
  const mtime = statBlob(directory, digest)?.mtime ?? now;
  sql.update(blobs).set({ mtime }).where(eq(blobs.digest, digest)).run();
}

/**
 * Turns staged files into blobs: renames them, makes that durable, and only then writes their rows. Belongs inside a write
 * transaction, whose lock keeps a removal in another process from unlinking the file between rename and row.
 *
 * @returns the digests whose files were put in place; a blob that was there already keeps its file.
 */
export function promoteStaged(
  tx: Sql,
  directory: string,
  staged: readonly StagedBlob[],
  now: number,
): Digest[] {
  const placed = staged.filter(({ digest }) => findBlob(tx, directory, digest) === undefined);
  // On a full disk this may be the second attempt of a transaction, whose first one has renamed the files already.
  for (const { path, digest } of placed.filter((one) => existsSync(one.path))) {
    renameSync(path, blobPath(directory, digest));
  }
  if (placed.length > 0) syncDirectory(directory);
  for (const { digest, size, unverified } of placed) {
    const verifiedAt = unverified ? null : now;
    const fresh = { size, verifiedAt, mtime: statBlob(directory, digest)?.mtime ?? now, missing: false };
    tx.insert(blobs)
      .values({ digest, ...fresh })
      .onConflictDoUpdate({ target: blobs.digest, set: fresh })
      .run();
  }
  return placed.map(({ digest }) => digest);
}

/**
 * Deletes the rows of those blobs that no layer refers to, no pull holds, and no work counts on ({@link BlobHolds}).
 * @returns the digests whose files may be removed once that is committed.
 */
export function releaseBlobs(
  tx: Sql,
  digests: Iterable<Digest>,
  isCountedOn: (digest: Digest) => boolean,
): Digest[] {
  const released: Digest[] = [];
  const counted = digestsOfRunning(tx);
  for (const digest of new Set(digests)) {
    const user = tx
      .select({ digest: layers.digest })
      .from(layers)
      .where(eq(layers.digest, digest))
      .limit(1)
      .get();
    if (user !== undefined || counted.has(digest) || isHeld(tx, digest) || isCountedOn(digest)) continue;
    tx.delete(blobs).where(eq(blobs.digest, digest)).run();
    released.push(digest);
  }
  return released;
}

/**
 * Writes the row of a file that lies in `blobs/` without one, or is marked missing there.
 * @returns false when there is no such file of that size.
 */
export function registerBlob(
  tx: Sql,
  directory: string,
  { digest, size }: Pick<BlobRow, "digest" | "size">,
  salvaged = false,
): boolean {
  if (findBlob(tx, directory, digest) !== undefined) return true;
  const stat = statBlob(directory, digest);
  if (stat?.size !== size) return false;
  const fresh = { size, verifiedAt: null, mtime: stat.mtime, missing: false, salvaged };
  tx.insert(blobs)
    .values({ digest, ...fresh })
    .onConflictDoUpdate({ target: blobs.digest, set: fresh })
    .run();
  return true;
}

/** `mtime` of a row whose file has never been there. */
export const NEVER_HERE = 0;

/** Writes the row of a blob that a manifest names and nobody has fetched, unless it has one. */
export function noteAbsent(tx: Sql, { digest, size }: Pick<BlobRow, "digest" | "size">): void {
  const absent = { digest, size, verifiedAt: null, mtime: NEVER_HERE, missing: true };
  tx.insert(blobs).values(absent).onConflictDoNothing().run();
}

/** Unlinks the files of those blobs that have no row. Belongs inside a write transaction, as {@link promoteStaged}. */
export function unlinkBlobs(tx: Sql, directory: string, digests: readonly Digest[]): Digest[] {
  const unlinked = digests.filter(
    (digest) =>
      tx.select({ digest: blobs.digest }).from(blobs).where(eq(blobs.digest, digest)).get() === undefined,
  );
  for (const digest of unlinked) rmSync(blobPath(directory, digest), { force: true });
  return unlinked;
}
