import { asc, eq, isNull, sql } from "drizzle-orm";
import { AppError } from "../lib/errors.ts";
import { type Db, type Sql, writeTransaction } from "./database.ts";
import { type KeysCopy, keysCopyPath, readKeysCopy, writeKeysCopy } from "./keys-copy.ts";
import { type ApiKeyRow, apiKeys } from "./schema.ts";
import { requireWritable, type StoreContext } from "./store-context.ts";
import { storeTrouble } from "./trouble.ts";

/** The books of API keys. Changes by other processes are seen at once. */
export interface ApiKeys {
  /** All keys that were ever made, the oldest first. */
  list(): ApiKeyRow[];
  find(id: string): ApiKeyRow | undefined;
  /** Was there ever a key, revoked ones and lost ones included? */
  any(): boolean;
  /** @returns false, and nothing is changed, when a key that is not revoked has the name. */
  add(key: ApiKeyRow): boolean;
  /** @returns the key as it is now; undefined when there is none with that id. A key that was revoked before stays as it was. */
  revoke(id: string, at: number): ApiKeyRow | undefined;
  /** Notes when keys were last used, by their ids. */
  noteUse(uses: ReadonlyMap<string, number>): void;
}

/** Stands for keys whose rows were lost: a server that has it asks for keys. */
const LOST: ApiKeyRow = {
  id: "lost",
  name: "keys that could not be read when the books were lost",
  hash: "",
  scopes: [],
  createdAt: 0,
  expiresAt: null,
  revokedAt: 0,
  lastUsedAt: null,
  concurrency: null,
  tokensPerMinute: null,
  tokensPerDay: null,
};

export function createApiKeys(context: StoreContext): ApiKeys {
  const { db, root } = context;
  const one = db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.id, sql.placeholder("id")))
    .prepare();
  const first = db.select({ id: apiKeys.id }).from(apiKeys).limit(1).prepare();
  return {
    list: () => listKeys(db),
    find: (id) => one.get({ id }),
    any: () => first.get() !== undefined,
    add: (key) => changeKeys(context, (tx) => addKey(tx, key)),
    revoke: (id, at) => changeKeys(context, (tx) => revokeKey(tx, id, at)),
    noteUse: (uses) =>
      writeTransaction(db, (tx) => {
        for (const [id, lastUsedAt] of uses)
          tx.update(apiKeys).set({ lastUsedAt }).where(eq(apiKeys.id, id)).run();
      }),
  };

  /** Changes books and copy. The copy is written before the commit and under its lock, so that it is never older than a reply. */
  function changeKeys<T>(writable: StoreContext, change: (tx: Sql) => T): T {
    requireWritable(writable);
    return writeTransaction(db, (tx) => {
      const result = change(tx);
      writeKeysCopy(root, listKeys(tx));
      return result;
    });
  }
}

const listKeys = (db: Sql): ApiKeyRow[] =>
  db.select().from(apiKeys).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id)).all();

function addKey(tx: Sql, key: ApiKeyRow): boolean {
  const living = tx.select({ name: apiKeys.name }).from(apiKeys).where(isNull(apiKeys.revokedAt)).all();
  if (living.some(({ name }) => name === key.name)) return false;
  tx.insert(apiKeys).values(key).run();
  return true;
}

function revokeKey(tx: Sql, id: string, at: number): ApiKeyRow | undefined {
  const [row] = tx.select().from(apiKeys).where(eq(apiKeys.id, id)).all();
  if (row === undefined || row.revokedAt !== null) return row;
  tx.update(apiKeys).set({ revokedAt: at }).where(eq(apiKeys.id, id)).run();
  return { ...row, revokedAt: at };
}

/**
 * Brings the books and their copy together when a store is opened. A key that is in either of them counts, and one that is revoked in
 * either is revoked: so neither books that were begun anew nor a restored backup open a server or bring a revoked key to life.
 *
 * @param begun the books were begun anew; a copy that cannot be read then stands for keys that were lost.
 */
export function reconcileKeys(context: StoreContext, begun: boolean): void {
  const { db, root, readOnly, logger } = context;
  const copy = readKeysCopy(root);
  if (copy === "damaged")
    logger.error("the copy of the API keys cannot be read", { path: keysCopyPath(root) });
  try {
    if (readOnly === undefined) writeTransaction(db, (tx) => reconcile(tx, copy, begun, root));
    else adopt(db, copy, begun);
  } catch (error) {
    const failure = storeTrouble(error, root) ?? AppError.from(error);
    if (failure.kind !== "no_space") throw failure;
    logger.warn(failure.message);
  }
}

function reconcile(tx: Sql, copy: KeysCopy, begun: boolean, root: string): void {
  adopt(tx, copy, begun);
  const keys = listKeys(tx);
  if (keys.length > 0 && !isCopyOf(copy, keys)) writeKeysCopy(root, keys);
}

/** Takes keys and revocations into the books that only the copy has. */
function adopt(tx: Sql | Db, copy: KeysCopy, begun: boolean): void {
  const lost = copy === "damaged" && begun ? [LOST] : [];
  for (const row of typeof copy === "string" ? lost : copy) {
    const [known] = tx.select().from(apiKeys).where(eq(apiKeys.id, row.id)).all();
    if (known === undefined) tx.insert(apiKeys).values(row).run();
    else if (known.revokedAt === null && row.revokedAt !== null)
      tx.update(apiKeys).set({ revokedAt: row.revokedAt }).where(eq(apiKeys.id, row.id)).run();
  }
}

/** Does the copy have these keys? Times of last use are not compared: they are no reason to write the copy. */
function isCopyOf(copy: KeysCopy, keys: readonly ApiKeyRow[]): boolean {
  const lasting = (rows: readonly ApiKeyRow[]) => rows.map((row) => ({ ...row, lastUsedAt: null }));
  return typeof copy !== "string" && Bun.deepEquals(lasting(copy), lasting(keys));
}
