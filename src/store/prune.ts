import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eq, isNull } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { digestOfFileName } from "./blob-files.ts";
import { releaseBlobs, statBlob } from "./blob-rows.ts";
import { unlinkReleased } from "./commit.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { listDerived, removeDerived } from "./derived.ts";
import { GRACE_MS } from "./grace.ts";
import { partialPath } from "./partials.ts";
import { bytesDone, releaseHolds } from "./pull-blobs.ts";
import { digestsOfRunning } from "./pulls.ts";
import { blobs, layers, pullBlobs } from "./schema.ts";
import { isCountedOn, requireWritable, type StoreContext } from "./store-context.ts";
import { foreignDigests } from "./tree-sync.ts";

/** Something that nothing needs: a partial blob, a blob that no model names, or a file that was made of a blob and can be made again. */
export interface Prunable {
  digest: Digest;
  kind: "partial" | "blob" | "derived";
  /** Bytes that its removal frees. */
  size: number;
}

/**
 * Removes partial blobs of interrupted pulls, and blobs that no model names. A pull that runs and uploads of the last hour are left
 * alone. Search and removal are one transaction.
 *
 * @param dryRun only list what would be removed.
 */
export function pruneStore(context: StoreContext, dryRun: boolean): Prunable[] {
  if (!dryRun) requireWritable(context);
  const { db, directory } = context;
  const { found, released } = writeTransaction(db, (tx) => {
    const found = findPrunable(context, tx);
    if (dryRun) return { found, released: [] };
    const digests = found.flatMap(({ digest, kind }) => (kind === "derived" ? [] : [digest]));
    releaseHolds(tx, digests);
    for (const { digest, kind } of found) {
      if (kind === "derived") removeDerived(context, digest);
      if (kind === "partial") rmSync(partialPath(directory, digest), { force: true });
    }
    return { found, released: releaseBlobs(tx, digests, isCountedOn(context)) };
  });
  unlinkReleased(context, released);
  return found;
}

function findPrunable(context: StoreContext, tx: Sql): Prunable[] {
  const { directory, clock } = context;
  const running = digestsOfRunning(tx);
  const held = tx.select({ digest: pullBlobs.digest }).from(pullBlobs).all();
  const heldDigests = new Set(held.map(({ digest }) => digest));
  const orphans = tx
    .select({ digest: blobs.digest, size: blobs.size })
    .from(blobs)
    .leftJoin(layers, eq(layers.digest, blobs.digest))
    .where(isNull(layers.digest))
    .all()
    .filter(({ digest }) => {
      const age = clock.now() - (statBlob(directory, digest)?.mtime ?? 0);
      return heldDigests.has(digest) || age > GRACE_MS;
    })
    .map((orphan): Prunable => ({ kind: "blob", ...orphan }));
  const whole = new Set(orphans.map(({ digest }) => digest));
  const partials = held
    .filter(({ digest }) => !whole.has(digest))
    .map(({ digest }): Prunable => ({ kind: "partial", digest, size: bytesDone(tx, digest) }));
  const foreign = foreignDigests(context).digests;
  return [
    ...partials,
    ...lostPartials(context, heldDigests),
    ...orphans,
    ...unneededDerived(context, tx),
  ].filter(({ digest }) => !running.has(digest) && !foreign.has(digest));
}

const PARTIAL = /^(sha256-[0-9a-f]{64})-partial$/;

/** Partial blobs that have no rows in the books any more. Ollama's own have files beside them that tell how far they are. */
function lostPartials({ directory, clock }: StoreContext, held: ReadonlySet<Digest>): Prunable[] {
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names.flatMap((name): Prunable[] => {
    const digest = digestOfFileName(PARTIAL.exec(name)?.[1] ?? "");
    if (digest === undefined || held.has(digest)) return [];
    if (names.some((other) => other.startsWith(`${name}-`))) return [];
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false });
    if (!stat?.isFile() || clock.now() - stat.mtimeMs <= GRACE_MS) return [];
    // A file with holes takes fewer bytes of the disk than its size.
    return [{ kind: "partial", digest, size: Math.min(stat.size, stat.blocks * 512) }];
  });
}

/** Files made of blobs that no model names. */
function unneededDerived(context: StoreContext, tx: Sql): Prunable[] {
  return listDerived(context)
    .filter(({ digest }) => tx.select().from(layers).where(eq(layers.digest, digest)).get() === undefined)
    .map((file): Prunable => ({ kind: "derived", ...file }));
}
