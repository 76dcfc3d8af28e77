import { lstatSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { asc, eq } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { codeOf } from "../lib/error-code.ts";
import { mapYields } from "../lib/map-yields.ts";
import { blobPath, syncDirectory } from "./blob-files.ts";
import { NEVER_HERE, statBlob } from "./blob-rows.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { hashFile } from "./hash-file.ts";
import { makePrivateDirectory } from "./private-files.ts";
import { type BlobRow, blobs, layers, models } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";

/** The fault of a blob: no file, a file of another length, or of other content. */
export type BlobFault = "missing" | "size" | "content";

export type BlobCheck =
  | { type: "progress"; digest: Digest; completed: number; total: number }
  | { type: "good"; digest: Digest; size: number }
  /** `users`: the models that need the blob. `quarantined`: its file has been moved. */
  | { type: "bad"; digest: Digest; fault: BlobFault; users: StoredName[]; quarantined: boolean };

/** Beside `blobs/`. */
const QUARANTINE = "quarantine";

/**
 * Hashes every blob that has a row, except draft models that were never fetched. A good one is noted as verified; a bad one's file is
 * moved to `quarantine/` and its row marked missing, so that its models are no longer found until they are created, pulled or imported
 * again. Blobs that are removed meanwhile are passed over.
 *
 * Files are moved in a directory that is also Ollama's, too: a bad blob is bad for both, and Ollama fetches again only what it does
 * not find.
 *
 * @throws the signal's reason when aborted; blobs checked until then stay checked.
 */
export async function* verifyBlobs(context: StoreContext, signal: AbortSignal): AsyncGenerator<BlobCheck> {
  for (const row of context.db.select().from(blobs).orderBy(asc(blobs.digest)).all()) {
    const absent = row.missing && row.mtime === NEVER_HERE && identityOf(context, row.digest) === undefined;
    if (!absent) yield* verifyBlob(context, row, signal);
  }
}

async function* verifyBlob(
  context: StoreContext,
  row: BlobRow,
  signal: AbortSignal,
): AsyncGenerator<BlobCheck, void> {
  const before = identityOf(context, row.digest);
  const fault = yield* examine(context, row, before, signal);
  const verdict = writeTransaction(context.db, (tx) => conclude(context, tx, row.digest, before, fault));
  if (verdict === "changed") yield* verifyBlob(context, row, signal);
  else if (verdict !== "gone") yield verdict;
}

/** Identifies a file: one that was replaced or written to while it was read has another identity. */
interface Identity {
  inode: number;
  size: number;
  mtime: number;
}

function identityOf({ directory }: StoreContext, digest: Digest): Identity | undefined {
  const stat = lstatSync(blobPath(directory, digest), { throwIfNoEntry: false });
  return stat?.isFile() ? { inode: stat.ino, size: stat.size, mtime: stat.mtimeMs } : undefined;
}

async function* examine(
  { directory }: StoreContext,
  { digest, size: total }: BlobRow,
  file: Identity | undefined,
  signal: AbortSignal,
): AsyncGenerator<BlobCheck, BlobFault | undefined> {
  if (file === undefined) return "missing";
  if (file.size !== total) return "size";
  try {
    const hashing = hashFile(blobPath(directory, digest), signal);
    const found = yield* mapYields(hashing, (completed) => ({
      type: "progress" as const,
      digest,
      completed,
      total,
    }));
    return found.digest === digest ? undefined : "content";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "missing";
    throw error;
  }
}

/** Belongs inside a write transaction, which keeps others from replacing the file between the last look and the move. */
function conclude(
  context: StoreContext,
  tx: Sql,
  digest: Digest,
  examined: Identity | undefined,
  fault: BlobFault | undefined,
): BlobCheck | "changed" | "gone" {
  const row = tx.select().from(blobs).where(eq(blobs.digest, digest)).get();
  if (row === undefined) return "gone";
  const current = identityOf(context, digest);
  if (!Bun.deepEquals(examined, current)) return "changed";
  const update = (change: Partial<BlobRow>) =>
    tx.update(blobs).set(change).where(eq(blobs.digest, digest)).run();
  if (fault === undefined) {
    const mtime = statBlob(context.directory, digest)?.mtime ?? row.mtime;
    update({ verifiedAt: context.clock.now(), mtime, missing: false });
    return { type: "good", digest, size: row.size };
  }
  const quarantined = current !== undefined && context.readOnly === undefined;
  if (quarantined) quarantine(context, digest);
  update({ verifiedAt: null, missing: true });
  return { type: "bad", digest, fault, users: usersOf(tx, digest), quarantined };
}

/** Before the row is marked: a crash in between leaves a row without a file, which the next start notices. */
function quarantine({ directory }: StoreContext, digest: Digest): void {
  const target = join(dirname(directory), QUARANTINE);
  const from = blobPath(directory, digest);
  makePrivateDirectory(target);
  renameSync(from, join(target, basename(from)));
  syncDirectory(target);
  syncDirectory(directory);
}

function usersOf(tx: Sql, digest: Digest): StoredName[] {
  const { host, namespace, model, tag } = models;
  return tx
    .selectDistinct({ host, namespace, model, tag })
    .from(models)
    .innerJoin(layers, eq(layers.manifestDigest, models.manifestDigest))
    .where(eq(layers.digest, digest))
    .orderBy(asc(models.id))
    .all();
}
