import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { eq, isNull } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { digestOfFileName } from "./blob-files.ts";
import { releaseBlobs, statBlob } from "./blob-rows.ts";
import { unlinkReleased } from "./commit.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { GRACE_MS } from "./grace.ts";
import { releaseManifest } from "./model-rows.ts";
import { releaseUsedHolds } from "./pull-blobs.ts";
import { blobs, layers, manifests, models } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";
import { lifeOf, writerOf } from "./temp-name.ts";

/**
 * Clears away what no model uses: manifests without a name, blobs that nothing refers to and nobody has touched for
 * {@link GRACE_MS}, and temporary files whose writer is gone. What a pull has fetched is kept for it, and files of any other name are somebody else's.
 */
export function collectGarbage(context: StoreContext): void {
  const names = readdirSync(context.directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  const temporaries = names.filter((name) => isAbandoned(context, name));
  for (const name of temporaries) rmSync(join(context.directory, name), { force: true });

  const released = writeTransaction(context.db, (tx) => {
    releaseUsedHolds(tx);
    for (const digest of namelessManifests(tx)) releaseManifest(tx, digest);
    return releaseBlobs(
      tx,
      unreferencedBlobs(tx).filter((digest) => isPastGrace(context, digest)),
    );
  });
  const strays = names.flatMap((name) => digestOfFileName(name) ?? []).filter((d) => isPastGrace(context, d));
  const removed = unlinkReleased(context, [...released, ...strays]);

  context.logger.info(`total blobs: ${names.length}`);
  context.logger.info(`total unused blobs removed: ${removed + temporaries.length}`);
}

/** A temporary file that nobody writes to any more. Another host's writer cannot be asked, so its file must be old. */
function isAbandoned(context: StoreContext, name: string): boolean {
  const writer = writerOf(name);
  if (writer === undefined) return false;
  const life = lifeOf(writer);
  if (life !== "unknown") return life === "dead";
  const stat = statSync(join(context.directory, name), { throwIfNoEntry: false });
  return stat !== undefined && context.clock.now() - stat.mtimeMs > GRACE_MS;
}

/** Gone, or not touched for so long that no upload can still be waiting for its create. */
function isPastGrace(context: StoreContext, digest: Digest): boolean {
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
    .where(isNull(layers.digest))
    .all()
    .map((row) => row.digest);
}
