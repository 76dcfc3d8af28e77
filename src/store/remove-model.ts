import { eq } from "drizzle-orm";
import { unlinkReleased } from "./commit.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { removeTreeFile } from "./manifest-tree.ts";
import { findModel, releaseManifestAndBlobs } from "./model-rows.ts";
import { dropPartials } from "./partials.ts";
import { forgetUnfinished } from "./pulls.ts";
import { models } from "./schema.ts";
import { isCountedOn, requireWritable, type StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";
import { syncManifest } from "./tree-sync.ts";

/**
 * Deletes a name, the blobs that only it used, and partial blobs of interrupted pulls of that name that no other pull needs. A pull of
 * the name that is under way goes on.
 *
 * @returns false when there is no such name.
 */
export function removeModel(context: StoreContext, name: StoredName): boolean {
  requireWritable(context);
  const remove = (tx: Sql) => {
    const row = findModel(tx, name);
    if (row === undefined) return undefined;
    dropPartials(tx, context.directory, forgetUnfinished(tx, name));
    tx.delete(models).where(eq(models.id, row.id)).run();
    const blobs = releaseManifestAndBlobs(tx, row.manifestDigest, isCountedOn(context));
    // Before the commit: a manifest without a row would be taken up again at the next start.
    removeTreeFile(context.root, row);
    return blobs;
  };
  const released = orSettled(context, name, remove);
  if (released === undefined) return false;
  unlinkReleased(context, released);
  return true;
}

/** Runs a change that removes the manifest from the tree, and puts the manifest back if the change fails. */
function orSettled<T>(context: StoreContext, name: StoredName, change: (tx: Sql) => T): T {
  try {
    return writeTransaction(context.db, change);
  } catch (error) {
    syncManifest(context, name);
    throw error;
  }
}
