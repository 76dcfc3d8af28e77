import { and, desc, eq, inArray, ne } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { type Sql, writeTransaction } from "./database.ts";
import { parseManifest, uniqueLayers } from "./manifest.ts";
import { releaseHolds } from "./pull-blobs.ts";
import { type PullRow, type PullState, pulls } from "./schema.ts";
import { requireWritable, type StoreContext } from "./store-context.ts";
import { hasName, type StoredName } from "./stored-name.ts";
import { isWriterGone, writerText } from "./temp-name.ts";

/** Ended pulls that are remembered. */
const REMEMBERED = 100;

/** The books of pulls. */
export interface Pulls {
  /** Begins a pull, or goes on with the last one of that name if it was interrupted. @returns its id. */
  begin(name: StoredName): number;
  setManifest(id: number, manifest: Uint8Array): void;
  /** Ends or pauses a pull. A pull that is `done` no longer holds its blobs, since a model names them by then. */
  end(id: number, state: Exclude<PullState, "running">, error?: string): void;
  /** All pulls, the latest first. A pull whose process died is `paused`. */
  list(): PullRow[];
  find(id: number): PullRow | undefined;
  /** Forgets a pull. @returns the blobs that only this pull was fetching. */
  remove(id: number): Digest[];
}

export function createPulls(context: StoreContext): Pulls {
  const { db, clock } = context;
  return {
    begin(name) {
      requireWritable(context);
      return writeTransaction(db, (tx) => begin(tx, name, clock.now()));
    },
    setManifest: (id, manifest) =>
      writeTransaction(db, (tx) =>
        tx
          .update(pulls)
          .set({ manifest: Buffer.from(manifest) })
          .where(eq(pulls.id, id))
          .run(),
      ),
    end: (id, state, error) => writeTransaction(db, (tx) => end(tx, id, state, error, clock.now())),
    list: () => db.select().from(pulls).orderBy(desc(pulls.id)).all().map(asOfNow),
    find: (id) => {
      const row = db.select().from(pulls).where(eq(pulls.id, id)).get();
      return row && asOfNow(row);
    },
    remove: (id) => writeTransaction(db, (tx) => remove(tx, id)),
  };
}

const asOfNow = (row: PullRow): PullRow =>
  row.state === "running" && isWriterGone(row.writer) ? { ...row, state: "paused" } : row;

function begin(tx: Sql, name: StoredName, now: number): number {
  const last = tx.select().from(pulls).where(hasName(pulls, name)).orderBy(desc(pulls.id)).limit(1);
  const before = last.all().map(asOfNow)[0];
  const fresh = { state: "running" as const, writer: writerText(), error: null, updatedAt: now };
  if (before !== undefined && before.state === "paused") {
    tx.update(pulls).set(fresh).where(eq(pulls.id, before.id)).run();
    return before.id;
  }
  forgetOld(tx);
  const { host, namespace, model, tag } = name;
  return tx
    .insert(pulls)
    .values({ host, namespace, model, tag, startedAt: now, ...fresh })
    .returning({ id: pulls.id })
    .get().id;
}

function forgetOld(tx: Sql): void {
  const old = tx
    .select({ id: pulls.id })
    .from(pulls)
    .where(inArray(pulls.state, ["done", "failed"]))
    .orderBy(desc(pulls.id))
    .limit(Number.MAX_SAFE_INTEGER)
    .offset(REMEMBERED)
    .all();
  if (old.length > 0)
    tx.delete(pulls)
      .where(
        inArray(
          pulls.id,
          old.map(({ id }) => id),
        ),
      )
      .run();
}

function end(tx: Sql, id: number, state: PullState, error: string | undefined, now: number): void {
  tx.update(pulls)
    .set({ state, error: error ?? null, updatedAt: now })
    .where(eq(pulls.id, id))
    .run();
  if (state === "done") releaseHolds(tx, blobsOfOnly(tx, id));
}

/** Forgets the pulls of a name that have not succeeded and are not under way. @returns the blobs that only they were fetching. */
export function forgetUnfinished(tx: Sql, name: StoredName): Digest[] {
  const rows = tx.select().from(pulls).where(hasName(pulls, name)).all().map(asOfNow);
  return rows
    .filter(({ state }) => state === "paused" || state === "failed")
    .flatMap(({ id }) => remove(tx, id));
}

function remove(tx: Sql, id: number): Digest[] {
  const digests = blobsOfOnly(tx, id);
  tx.delete(pulls).where(eq(pulls.id, id)).run();
  return digests;
}

/** The digests of a pull's manifest that no other unfinished pull's has. */
function blobsOfOnly(tx: Sql, id: number): Digest[] {
  const others = tx
    .select()
    .from(pulls)
    .where(and(ne(pulls.id, id), inArray(pulls.state, ["running", "paused"])))
    .all();
  const wanted = new Set(others.flatMap(digestsOf));
  const row = tx.select().from(pulls).where(eq(pulls.id, id)).get();
  return row === undefined ? [] : digestsOf(row).filter((digest) => !wanted.has(digest));
}

/** The blobs that pulls under way need, in any process. */
export function digestsOfRunning(tx: Sql): Set<Digest> {
  const running = tx.select().from(pulls).where(eq(pulls.state, "running")).all();
  return new Set(running.filter(({ writer }) => !isWriterGone(writer)).flatMap(digestsOf));
}

function digestsOf({ manifest }: PullRow): Digest[] {
  if (manifest === null) return [];
  return uniqueLayers(parseManifest(manifest)).map(({ digest }) => digest);
}
