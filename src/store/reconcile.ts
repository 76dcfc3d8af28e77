import { eq } from "drizzle-orm";
import { blobPath } from "./blob-files.ts";
import { statBlob } from "./blob-rows.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { keepPrivate } from "./private-files.ts";
import { type BlobRow, blobs, isLacking, layers, models } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";

/**
 * Compares every blob's row with its file, since people delete, truncate and restore files by hand. Nothing is hashed: a file of the right
 * size that was touched by others is used, with a warning.
 */
export function reconcileBlobs(context: StoreContext): void {
  writeTransaction(context.db, (tx) => {
    for (const row of tx.select().from(blobs).all()) reconcileBlob(context, tx, row);
  });
  for (const { host, namespace, model, tag, digest } of brokenModels(context.db)) {
    context.logger.warn("model is not available: a blob is missing; pull or create it again, or delete it", {
      model: `${host}/${namespace}/${model}:${tag}`,
      digest,
    });
  }
}

function reconcileBlob({ directory, logger, readOnly }: StoreContext, tx: Sql, row: BlobRow): void {
  const update = (change: Partial<BlobRow>) =>
    tx.update(blobs).set(change).where(eq(blobs.digest, row.digest)).run();
  const stat = statBlob(directory, row.digest);
  if (stat === undefined || stat.size !== row.size) {
    if (!row.missing) update({ missing: true, verifiedAt: null });
    return;
  }
  // A file that another store links to is left as it is.
  if (readOnly === undefined && stat.links === 1) keepPrivate(blobPath(directory, row.digest));
  if (!row.missing && stat.mtime === row.mtime) return;
  logger.warn("blob was changed by another program; its content has not been checked since", {
    digest: row.digest,
  });
  update({ missing: false, verifiedAt: null, mtime: stat.mtime });
}

function brokenModels(db: Sql) {
  const { host, namespace, model, tag } = models;
  return db
    .selectDistinct({ host, namespace, model, tag, digest: layers.digest })
    .from(models)
    .innerJoin(layers, eq(layers.manifestDigest, models.manifestDigest))
    .innerJoin(blobs, eq(blobs.digest, layers.digest))
    .where(isLacking)
    .all();
}
