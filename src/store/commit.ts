import type { Digest } from "../lib/digest.ts";
import { badRequest } from "../lib/errors.ts";
import { discardStaged, type StagedBlob } from "./blob-files.ts";
import { findBlob, noteAbsent, promoteStaged, registerBlob, unlinkBlobs } from "./blob-rows.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { removeDerived } from "./derived.ts";
import { isOptional, type Layer, parseManifest, uniqueLayers } from "./manifest.ts";
import { putModel, releaseManifestAndBlobs } from "./model-rows.ts";
import { type GgufRow, gguf, layers, manifests, type TextRow, texts } from "./schema.ts";
import { isCountedOn, type StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";
import { foreignDigests, syncManifest } from "./tree-sync.ts";

/** A model about to be installed. */
export interface ModelCommit {
  name: StoredName;
  /** The manifest's bytes; every digest in it is a blob already or staged. */
  manifest: Uint8Array;
  staged: readonly StagedBlob[];
  gguf: readonly GgufRow[];
  texts: readonly TextRow[];
  /** The manifest was found in the tree: its blobs lie in `blobs/` already, without rows. */
  isFound?: true;
  /** When the model was made, in milliseconds. Default: now. */
  modifiedAt?: number;
}

/**
 * Installs a model in one transaction: afterwards all of it is there, or nothing. Blobs that only the tag's former manifest used are
 * removed, unless pruning is off. Staged files are consumed in any case.
 *
 * @returns how many blobs of the tag's former manifest were removed.
 * @throws AppError 400 when the manifest names a blob that is missing or has another size. A blob of an optional layer may be missing.
 */
export function commitModel(context: StoreContext, commit: ModelCommit): number {
  const placed: Digest[] = [];
  const now = context.clock.now();
  try {
    const released = writeTransaction(context.db, (tx) => {
      placed.push(...promoteStaged(tx, context.directory, commit.staged, now));
      if (commit.isFound) registerBlobs(tx, context.directory, commit.manifest);
      const digest = insertManifest(tx, context.directory, commit.manifest);
      insertFacts(tx, commit);
      const before = putModel(tx, commit.name, digest, commit.modifiedAt ?? now);
      return before === undefined || before === digest || context.noPrune
        ? []
        : releaseManifestAndBlobs(tx, before, isCountedOn(context));
    });
    context.holds.keep(digestsIn(commit.manifest), now);
    syncManifest(context, commit.name);
    return unlinkReleased(context, released);
  } catch (error) {
    unlinkReleased(context, placed);
    throw error;
  } finally {
    discardStaged(commit.staged);
  }
}

/**
 * Unlinks the files of released blobs and the files that were made of them, in a transaction of its own: their rows are gone for good by
 * then. Blobs that a foreign manifest in the tree names stay.
 * @returns how many blobs were unlinked.
 */
export function unlinkReleased(context: StoreContext, released: readonly Digest[]): number {
  if (released.length === 0 || context.readOnly !== undefined) return 0;
  for (const digest of released) removeDerived(context, digest);
  const foreign = foreignDigests(context).digests;
  const ours = released.filter((digest) => !foreign.has(digest));
  return writeTransaction(context.db, (tx) => unlinkBlobs(tx, context.directory, ours)).length;
}

const digestsIn = (manifest: Uint8Array): Digest[] =>
  uniqueLayers(parseManifest(manifest)).map(({ digest }) => digest);

function registerBlobs(tx: Sql, directory: string, manifest: Uint8Array): void {
  for (const layer of uniqueLayers(parseManifest(manifest))) registerBlob(tx, directory, layer);
}

function insertManifest(tx: Sql, directory: string, json: Uint8Array): string {
  const digest = new Bun.CryptoHasher("sha256").update(json).digest("hex");
  const { config, layers: parts } = parseManifest(json);
  const all = [config, ...parts];
  for (const layer of all) {
    if (isOptional(layer)) noteAbsent(tx, layer);
    else requireBlob(tx, directory, layer);
  }
  const totalSize = all.reduce((sum, layer) => sum + layer.size, 0);
  const added = tx
    .insert(manifests)
    .values({ digest, json: Buffer.from(json), totalSize })
    .onConflictDoNothing()
    .returning({ digest: manifests.digest })
    .get();
  if (added === undefined) return digest;
  const rows = all.map(({ mediaType, digest: blob, size, from }, position) => ({
    manifestDigest: digest,
    position,
    mediaType,
    digest: blob,
    size,
    from: from ?? null,
  }));
  tx.insert(layers).values(rows).run();
  return digest;
}

function requireBlob(tx: Sql, directory: string, layer: Layer): void {
  const row = findBlob(tx, directory, layer.digest);
  if (row === undefined) throw badRequest(`blob "${layer.digest}" not found`);
  if (row.size !== layer.size) {
    throw badRequest(`blob "${layer.digest}" has ${row.size} bytes, the manifest says ${layer.size}`);
  }
}

/** Enters facts of blobs whose models are in the books. */
export function enterFacts({ db }: StoreContext, facts: Pick<ModelCommit, "gguf" | "texts">): void {
  writeTransaction(db, (tx) => insertFacts(tx, facts));
}

/** Replaces earlier facts: a blob's content does not change, but our reading of it may improve. */
function insertFacts(tx: Sql, facts: Pick<ModelCommit, "gguf" | "texts">): void {
  for (const row of facts.gguf) {
    tx.insert(gguf).values(row).onConflictDoUpdate({ target: gguf.digest, set: row }).run();
  }
  for (const row of facts.texts) {
    tx.insert(texts).values(row).onConflictDoUpdate({ target: texts.digest, set: row }).run();
  }
}
