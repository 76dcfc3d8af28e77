import { eq } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { AppError } from "../lib/errors.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { parseManifest, uniqueLayers } from "./manifest.ts";
import {
  listTree,
  readTreeFile,
  removeTreeFile,
  storedNameKey,
  treePath,
  writeTreeFile,
} from "./manifest-tree.ts";
import { findModel } from "./model-rows.ts";
import { type ModelRow, manifests, models } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";

/** A manifest in the tree that the books do not have under its name: of a model that was lost, or that Ollama has installed. */
export interface UnlistedManifest {
  name: StoredName;
  path: string;
  manifest: Uint8Array;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

const digestOf = (bytes: Uint8Array): string => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

const rowsOf = (sql: Sql) =>
  sql
    .select({
      host: models.host,
      namespace: models.namespace,
      model: models.model,
      tag: models.tag,
      digest: models.manifestDigest,
      modifiedAt: models.modifiedAt,
    })
    .from(models)
    .all();

const jsonOf = (sql: Sql, digest: string): Uint8Array | undefined =>
  sql.select({ json: manifests.json }).from(manifests).where(eq(manifests.digest, digest)).get()?.json;

/**
 * Brings a name's manifest in the tree in line with the books. A failure to write is logged and made up for at the next start: the model
 * can be used all the same.
 */
export function syncManifest(context: StoreContext, name: StoredName): void {
  if (context.readOnly !== undefined) return;
  try {
    writeTransaction(context.db, (tx) => {
      const row = findModel(tx, name);
      const json = row && jsonOf(tx, row.manifestDigest);
      if (row === undefined || json === undefined) removeTreeFile(context.root, name);
      else if (!isThere(context, row)) writeTreeFile(context.root, row, json, row.modifiedAt);
    });
  } catch (error) {
    context.logger.warn("the manifest beside the blobs could not be written", {
      model: storedNameKey(name),
      directory: context.root,
      error: AppError.from(error).message,
    });
  }
}

/** Does the tree have the manifest already? A file of the same content may be Ollama's, and is left as it is. */
function isThere({ root }: StoreContext, row: ModelRow): boolean {
  const bytes = readTreeFile(treePath(root, row));
  return bytes !== undefined && digestOf(bytes) === row.manifestDigest;
}

/**
 * Writes manifests into the tree that it lacks, or has in an older version than the books. Each is checked under the write lock, or it
 * might be written for a model that another process has removed meanwhile.
 */
export function syncTree(context: StoreContext): void {
  const files = new Map(listTree(context.root).map((entry) => [storedNameKey(entry.name), entry]));
  for (const row of rowsOf(context.db)) {
    const file = files.get(storedNameKey(row));
    const bytes = file && readTreeFile(file.path);
    const isSame = bytes !== undefined && digestOf(bytes) === row.digest;
    const isNewer = bytes !== undefined && file !== undefined && file.mtime > row.modifiedAt;
    if (!isSame && !isNewer) syncManifest(context, row);
  }
}

/** The manifests in the tree that the books do not have under these names, or have older ones for. */
export function unlistedManifests({ db, root }: StoreContext): UnlistedManifest[] {
  const rows = new Map(rowsOf(db).map((row) => [storedNameKey(row), row]));
  return listTree(root).flatMap(({ name, path, mtime: modifiedAt }) => {
    const manifest = readTreeFile(path);
    const row = rows.get(storedNameKey(name));
    if (manifest === undefined || row?.digest === digestOf(manifest)) return [];
    return row !== undefined && modifiedAt <= row.modifiedAt ? [] : [{ name, path, manifest, modifiedAt }];
  });
}

/** The blobs of manifests that only the tree has. */
export interface ForeignDigests {
  digests: Set<Digest>;
  /** Paths of files that cannot be read as manifests, so that nobody knows which blobs they name. */
  unreadable: string[];
}

export function foreignDigests({ db, root }: Pick<StoreContext, "db" | "root">): ForeignDigests {
  const known = new Set(rowsOf(db).map(({ digest }) => digest));
  const found: ForeignDigests = { digests: new Set(), unreadable: [] };
  for (const { name, path } of listTree(root)) {
    const bytes = readTreeFile(path);
    if (bytes === undefined || known.has(digestOf(bytes))) continue;
    try {
      for (const { digest } of uniqueLayers(parseManifest(bytes))) found.digests.add(digest);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      found.unreadable.push(storedNameKey(name));
    }
  }
  return found;
}
