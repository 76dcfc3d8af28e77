import { eq } from "drizzle-orm";
import { writeTransaction } from "./database.ts";
import { findModel } from "./model-rows.ts";
import { models } from "./schema.ts";
import { requireWritable, type StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";

/**
 * Changes the settings of a model, in one transaction.
 *
 * @param change is given the settings and returns the new ones; a throw changes nothing.
 * @returns false when there is no such name.
 */
export function changeSettings(
  context: StoreContext,
  name: StoredName,
  change: (before: string | null) => string | null,
): boolean {
  requireWritable(context);
  return writeTransaction(context.db, (tx) => {
    const row = findModel(tx, name);
    if (row === undefined) return false;
    tx.update(models)
      .set({ settings: change(row.settings) })
      .where(eq(models.id, row.id))
      .run();
    return true;
  });
}
