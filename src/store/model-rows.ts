import { eq } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { releaseBlobs } from "./blob-rows.ts";
import type { Sql } from "./database.ts";
import { layers, type ModelRow, manifests, models } from "./schema.ts";
import { hasName, type StoredName } from "./stored-name.ts";

export function findModel(db: Sql, name: StoredName): ModelRow | undefined {
  return db.select().from(models).where(hasName(models, name)).get();
}

/**
 * Points a name at a manifest. An existing name keeps its spelling.
 * @returns the manifest that it pointed at before.
 */
export function putModel(
  tx: Sql,
  name: StoredName,
  manifestDigest: string,
  modifiedAt: number,
): string | undefined {
  const before = findModel(tx, name);
  if (before === undefined) {
    const { host, namespace, model, tag } = name;
    tx.insert(models).values({ host, namespace, model, tag, manifestDigest, modifiedAt }).run();
    return undefined;
  }
  tx.update(models).set({ manifestDigest, modifiedAt }).where(eq(models.id, before.id)).run();
  return before.manifestDigest;
}

/** Deletes a manifest, unless a name points at it. @returns the digests that it referred to; none when it is still in use. */
export function releaseManifest(tx: Sql, digest: string): Digest[] {
  const user = tx
    .select({ id: models.id })
    .from(models)
    .where(eq(models.manifestDigest, digest))
    .limit(1)
    .get();
  if (user !== undefined) return [];
  const parts = tx
    .select({ digest: layers.digest })
    .from(layers)
    .where(eq(layers.manifestDigest, digest))
    .all();
  tx.delete(manifests).where(eq(manifests.digest, digest)).run();
  return parts.map((part) => part.digest);
}

/** Releases a manifest and the blobs that only it used. @returns the digests whose files may be removed. */
export function releaseManifestAndBlobs(
  tx: Sql,
  digest: string,
  isCountedOn: (digest: Digest) => boolean,
): Digest[] {
  return releaseBlobs(tx, releaseManifest(tx, digest), isCountedOn);
}
