import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { and, eq, isNull } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { digestOfFileName } from "./blob-files.ts";
import { registerBlob, releaseBlobs, statBlob } from "./blob-rows.ts";
import { unlinkReleased } from "./commit.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { GRACE_MS } from "./grace.ts";
import { treeTemporaries } from "./manifest-tree.ts";
import { releaseManifest } from "./model-rows.ts";
import { releaseUsedHolds } from "./pull-blobs.ts";
import { blobs, layers, manifests, models } from "./schema.ts";
import { isCountedOn, type StoreContext } from "./store-context.ts";
import { lifeOf, writerOf } from "./temp-name.ts";
import { foreignDigests } from "./tree-sync.ts";

/**
 * Removes what no model uses: manifests without a name, blobs that nothing refers to and nobody has touched for {@link GRACE_MS}, and
 * temporary files whose writer is gone. Blobs that a pull has fetched or a create is working with are kept, and so are files of any
 * other name: they are not ours. Where a manifest in the tree cannot be read no blob is removed: that manifest may need it.
 *
 * @returns how many files were there in `blobs/`, and how many were removed.
 */
export function collectGarbage(context: StoreContext): { files: number; removed: number } {
  const names = filesIn(context.directory);
  const temporaries = [
    ...names.map((name) => ({ name, path: join(context.directory, name) })),
    ...treeTemporaries(context.root),
  ].filter((file) => isAbandoned(context, file));
  for (const { path } of temporaries) rmSync(path, { force: true });

  const released = writeTransaction(context.db, (tx) => {
    releaseUsedHolds(tx);
    for (const digest of namelessManifests(tx)) releaseManifest(tx, digest);
    return releaseBlobs(
      tx,
      unreferencedBlobs(tx).filter((digest) => isPastGrace(context, digest)),
      isCountedOn(context),
    );
  });
  const strays = names.flatMap((name) => digestOfFileName(name) ?? []).filter((d) => isPastGrace(context, d));
  const { unreadable } = foreignDigests(context);
  if (unreadable.length > 0) {
    context.logger.warn("corrupt manifests: no blob is removed until they are deleted", {
      manifests: unreadable.join(" "),
    });
  }
  const removed = unreadable.length > 0 ? 0 : unlinkReleased(context, [...released, ...strays]);
  return { files: names.length, removed: removed + temporaries.length };
}

/**
 * Enters the blobs of the directory into books that have just been begun anew. Nobody knows which models they belong to, so they stay
 * until their model or `prune` removes them.
 *
 * @returns how many.
 */
export function salvageBlobs({ db, directory }: StoreContext): number {
  const digests = filesIn(directory).flatMap((name) => digestOfFileName(name) ?? []);
  return writeTransaction(db, (tx) => {
    const found = digests.filter((digest) => {
      const size = statBlob(directory, digest)?.size;
      return size !== undefined && registerBlob(tx, directory, { digest, size }, true);
    });
    return found.length;
  });
}

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

/** Does nobody write to a temporary file any more? A writer on another host cannot be checked, so its file must be old. */
function isAbandoned(context: StoreContext, { name, path }: { name: string; path: string }): boolean {
  const writer = writerOf(name);
  if (writer === undefined) return false;
  const life = lifeOf(writer);
  if (life !== "unknown") return life === "dead";
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && context.clock.now() - stat.mtimeMs > GRACE_MS;
}

/** Is a blob's file gone, or not touched for so long that no upload can still be waiting for its create? */
function isPastGrace(context: StoreContext, digest: Digest): boolean {
  if (isCountedOn(context)(digest)) return false;
  const stat = statBlob(context.directory, digest);
  return stat === undefined || context.clock.now() - stat.mtime > GRACE_MS;
}

function namelessManifests(tx: Sql): string[] {
  return tx
    .select({ digest: manifests.digest })
    .from(manifests)
    .leftJoin(models, eq(models.manifestDigest, manifests.digest))
    .where(isNull(models.id))
    .all()
    .map((row) => row.digest);
}

function unreferencedBlobs(tx: Sql): Digest[] {
  return tx
    .select({ digest: blobs.digest })
    .from(blobs)
    .leftJoin(layers, eq(layers.digest, blobs.digest))
    .where(and(isNull(layers.digest), eq(blobs.salvaged, false)))
    .all()
    .map((row) => row.digest);
}
