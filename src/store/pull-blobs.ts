import { eq, inArray, isNull, sql } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import type { Sql } from "./database.ts";
import { layers, type PullPartRow, pullBlobs, pullParts } from "./schema.ts";
import { isOtherWriter, writerText } from "./temp-name.ts";

/** A stretch of a blob that is fetched by itself. */
export interface PartPlan {
  offset: number;
  /** Bytes. */
  length: number;
}

/** How far a part is. */
export type PartProgress = Pick<PullPartRow, "position" | "done" | "sha256">;

/** Is another living process fetching the blob? */
export function isClaimedElsewhere(tx: Sql, digest: Digest): boolean {
  const writer = tx
    .select({ writer: pullBlobs.writer })
    .from(pullBlobs)
    .where(eq(pullBlobs.digest, digest))
    .get()?.writer;
  return isOtherWriter(writer);
}

/**
 * Claims a blob for this process. @returns its parts as they were left, or as planned when there were none of this size.
 */
export function claimParts(
  tx: Sql,
  digest: Digest,
  size: number,
  plan: readonly PartPlan[],
  now: number,
): PullPartRow[] {
  const row = tx.select().from(pullBlobs).where(eq(pullBlobs.digest, digest)).get();
  const parts = row?.size === size ? partsOfBlob(tx, digest) : [];
  if (parts.length > 0) {
    tx.update(pullBlobs)
      .set({ writer: writerText(), updatedAt: now })
      .where(eq(pullBlobs.digest, digest))
      .run();
    return parts;
  }
  return startParts(tx, digest, size, plan, now);
}

/** Forgets the parts of a blob, and begins it anew. */
export function startParts(
  tx: Sql,
  digest: Digest,
  size: number,
  plan: readonly PartPlan[],
  now: number,
): PullPartRow[] {
  tx.delete(pullBlobs).where(eq(pullBlobs.digest, digest)).run();
  tx.insert(pullBlobs).values({ digest, size, writer: writerText(), updatedAt: now }).run();
  const rows = plan.map((part, position) => ({ digest, position, ...part, done: 0, sha256: null }));
  // SQLite takes a limited number of values in one statement.
  for (let at = 0; at < rows.length; at += 1000) {
    tx.insert(pullParts)
      .values(rows.slice(at, at + 1000))
      .run();
  }
  return rows;
}

export function partsOfBlob(db: Sql, digest: Digest): PullPartRow[] {
  return db.select().from(pullParts).where(eq(pullParts.digest, digest)).orderBy(pullParts.position).all();
}

export function saveParts(tx: Sql, digest: Digest, parts: readonly PartProgress[], now: number): void {
  for (const { position, done, sha256 } of parts) {
    tx.update(pullParts)
      .set({ done, sha256 })
      .where(sql`${pullParts.digest} = ${digest} and ${pullParts.position} = ${position}`)
      .run();
  }
  tx.update(pullBlobs).set({ updatedAt: now }).where(eq(pullBlobs.digest, digest)).run();
}

/** Bytes of a partial file that are there. */
export function bytesDone(db: Sql, digest: Digest): number {
  const row = db
    .select({ done: sql<number>`coalesce(sum(${pullParts.done}), 0)` })
    .from(pullParts)
    .where(eq(pullParts.digest, digest))
    .get();
  return row?.done ?? 0;
}

export function releaseClaim(tx: Sql, digest: Digest): void {
  tx.update(pullBlobs).set({ writer: null }).where(eq(pullBlobs.digest, digest)).run();
}

/** The partial file has become a blob: it has no parts any more, and is held until a model names it. */
export function holdWhole(tx: Sql, digest: Digest): void {
  tx.delete(pullParts).where(eq(pullParts.digest, digest)).run();
  releaseClaim(tx, digest);
}

/** Gives blobs back to garbage collection. */
export function releaseHolds(tx: Sql, digests: readonly Digest[]): void {
  if (digests.length === 0) return;
  tx.delete(pullBlobs)
    .where(inArray(pullBlobs.digest, [...digests]))
    .run();
}

/** Is this blob kept for a pull? */
export function isHeld(tx: Sql, digest: Digest): boolean {
  return (
    tx.select({ digest: pullBlobs.digest }).from(pullBlobs).where(eq(pullBlobs.digest, digest)).get() !==
    undefined
  );
}

/** Drops holds on blobs that a model names by now: the process that should have dropped them died in between. */
export function releaseUsedHolds(tx: Sql): void {
  const used = tx
    .selectDistinct({ digest: pullBlobs.digest })
    .from(pullBlobs)
    .innerJoin(layers, eq(layers.digest, pullBlobs.digest))
    .leftJoin(pullParts, eq(pullParts.digest, pullBlobs.digest))
    .where(isNull(pullParts.digest))
    .all();
  releaseHolds(
    tx,
    used.map(({ digest }) => digest),
  );
}
