import { eq } from "drizzle-orm";
import { unlinkReleased } from "./commit.ts";
import { writeTransaction } from "./database.ts";
import { findModel, releaseManifestAndBlobs } from "./model-rows.ts";
import { dropPartials } from "./partials.ts";
import { forgetUnfinished } from "./pulls.ts";
import { models } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";

/**
 * Deletes a name, the blobs that only it used, and what interrupted pulls of that name have left and no other pull wants. A pull of
 * it that is under way goes on.
 *
 * @returns false when there is no such name.
 */
export function removeModel(context: StoreContext, name: StoredName): boolean {
  const released = writeTransaction(context.db, (tx) => {
    const row = findModel(tx, name);
    if (row === undefined) return undefined;
    dropPartials(tx, context.directory, forgetUnfinished(tx, name));
    tx.delete(models).where(eq(models.id, row.id)).run();
    return releaseManifestAndBlobs(tx, row.manifestDigest);
  });
  if (released === undefined) return false;
  unlinkReleased(context, released);
  return true;
}
