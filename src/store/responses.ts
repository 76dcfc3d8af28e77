import { and, asc, desc, eq, gt, lte, sql } from "drizzle-orm";
import type {
  JsonObject,
  KeptConversation,
  KeptItem,
  KeptResponse,
  ResponseBooks,
} from "../intent/response-books.ts";
import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { type Db, emptyLog, type Sql, writeTransaction } from "./database.ts";
import { responseItems, responses } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface ResponseLimits {
  /** How long a response is kept after it was made or last continued, in milliseconds. */
  ttlMs: number;
  /** Most bytes of all responses together. */
  maxBytes: number;
  /** Most bytes of a conversation that may be continued. */
  conversationBytes: number;
}

/**
 * Thirty days are what OpenAI promises, so its clients find what they expect. The size is some hundred thousand ordinary
 * responses. A conversation may have a quarter of it, which is as much as a client could send in one request: so the conversation that
 * has just been continued never has to be removed.
 */
export const RESPONSE_LIMITS: ResponseLimits = {
  ttlMs: 30 * DAY_MS,
  maxBytes: 256 * 1024 * 1024,
  conversationBytes: 64 * 1024 * 1024,
};

/** The part of `maxBytes` that is freed on top of the surplus, so that not every response after it has some to remove. */
const ROOM = 1 / 16;

/** The parts that all queries share. */
interface Books {
  now(): number;
  limits: ResponseLimits;
}

/** The books of responses in an open store. @param limits default: {@link RESPONSE_LIMITS}. */
export function createResponses(
  { db, clock }: Pick<StoreContext, "db" | "clock">,
  limits = RESPONSE_LIMITS,
): ResponseBooks {
  const books: Books = { now: () => clock.now(), limits };
  return {
    keep: (response) => writeTransaction(db, (tx) => keep(tx, response, books)),
    find: (id) => db.transaction((tx) => find(tx, id, books)),
    conversation: (id) => db.transaction((tx) => conversation(tx, id, books)),
    item: (id) => item(db, id, books),
    remove(id) {
      const removed = writeTransaction(db, (tx) => remove(tx, id, books));
      // The response's text must not stay in the log on the disk.
      if (removed) emptyLog(db);
      return removed;
    },
  };
}

/** Removes the responses that are too old, and the least recently used while there are too many. */
export const collectResponses = (db: Db, clock: Clock): void =>
  writeTransaction(db, (tx) => collect(tx, { now: () => clock.now(), limits: RESPONSE_LIMITS }));

const notTooOld = ({ now, limits }: Books) => gt(responses.usedAt, now() - limits.ttlMs);
const fresh = (id: string, books: Books) => and(eq(responses.id, id), notTooOld(books));

function parse(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new TypeError("a stored response is no JSON object");
}

function parseItem({ id, content }: { id: string; content: string }): KeptItem {
  return { ...parse(content), id };
}

function keep(tx: Sql, { id, previousId, body, input, output }: KeptResponse, books: Books): void {
  const rows = [...input, ...output].map((one, position) => ({
    responseId: id,
    position,
    isOutput: position >= input.length,
    id: one.id,
    content: JSON.stringify(one),
  }));
  const text = JSON.stringify(body);
  const bytes = [text, ...rows.map(({ content }) => content)].reduce(
    (sum, part) => sum + Buffer.byteLength(part),
    0,
  );
  tx.insert(responses)
    .values({ id, previousId: previousId ?? null, usedAt: books.now(), bytes, body: text })
    .run();
  for (const row of rows) tx.insert(responseItems).values(row).run();
  if (previousId !== undefined) touch(tx, ancestors(tx, previousId, books).ids, books.now());
  collect(tx, books);
}

function touch(tx: Sql, ids: readonly string[], now: number): void {
  for (const id of ids) tx.update(responses).set({ usedAt: now }).where(eq(responses.id, id)).run();
}

interface Ancestors {
  /** The last one first. */
  ids: string[];
  bytes: number;
  /** The first response on the way back that does not exist. */
  missing?: string;
}

/** A response and all that it continues. The limit on the size ends the walk, should a row ever lead back to itself. */
function ancestors(tx: Sql, last: string, books: Books): Ancestors {
  const found: Ancestors = { ids: [], bytes: 0 };
  for (let id: string | null = last; id !== null && found.bytes <= books.limits.conversationBytes; ) {
    const row: { previousId: string | null; bytes: number } | undefined = tx
      .select({ previousId: responses.previousId, bytes: responses.bytes })
      .from(responses)
      .where(fresh(id, books))
      .get();
    if (row === undefined) return { ...found, missing: id };
    found.ids.push(id);
    found.bytes += row.bytes;
    id = row.previousId;
  }
  return found;
}

const itemsOf = (tx: Sql, id: string) =>
  tx
    .select({ id: responseItems.id, content: responseItems.content, isOutput: responseItems.isOutput })
    .from(responseItems)
    .where(eq(responseItems.responseId, id))
    .orderBy(asc(responseItems.position))
    .all();

function find(tx: Sql, id: string, books: Books): KeptResponse | undefined {
  const row = tx.select().from(responses).where(fresh(id, books)).get();
  if (row === undefined) return undefined;
  const items = itemsOf(tx, id);
  return {
    id,
    ...defined({ previousId: row.previousId ?? undefined }),
    body: parse(row.body),
    input: items.filter(({ isOutput }) => !isOutput).map(parseItem),
    output: items.filter(({ isOutput }) => isOutput).map(parseItem),
  };
}

function conversation(tx: Sql, id: string, books: Books): KeptConversation {
  const { ids, bytes, missing } = ancestors(tx, id, books);
  if (missing !== undefined) return { type: "broken", missing };
  if (bytes > books.limits.conversationBytes) return { type: "too_long" };
  return { type: "whole", items: ids.toReversed().flatMap((one) => itemsOf(tx, one).map(parseItem)) };
}

function item(db: Sql, id: string, books: Books): JsonObject | undefined {
  const row = db
    .select({ id: responseItems.id, content: responseItems.content })
    .from(responseItems)
    .innerJoin(responses, eq(responses.id, responseItems.responseId))
    .where(and(eq(responseItems.id, id), notTooOld(books)))
    .orderBy(desc(responses.usedAt))
    .limit(1)
    .get();
  return row && parseItem(row);
}

const remove = (tx: Sql, id: string, books: Books): boolean =>
  tx.delete(responses).where(fresh(id, books)).returning({ id: responses.id }).all().length > 0;

function collect(tx: Sql, { now, limits }: Books): void {
  removeUntil(tx, now() - limits.ttlMs);
  const [sum] = tx
    .select({ bytes: sql<number>`coalesce(sum(${responses.bytes}), 0)` })
    .from(responses)
    .all();
  const surplus = (sum?.bytes ?? 0) - limits.maxBytes;
  if (surplus > 0) removeUntil(tx, leastUsed(tx, surplus + limits.maxBytes * ROOM));
}

const removeUntil = (tx: Sql, usedAt: number): void => {
  tx.delete(responses).where(lte(responses.usedAt, usedAt)).run();
};

/**
 * The time up to which responses were last used that together have at least so many bytes. A conversation counts as used when its last
 * response was, so it is removed as a whole.
 */
function leastUsed(tx: Sql, bytes: number): number {
  const rows = tx
    .select({ usedAt: responses.usedAt, bytes: responses.bytes })
    .from(responses)
    .orderBy(asc(responses.usedAt))
    .all();
  let freed = 0;
  const last = rows.find((row) => {
    freed += row.bytes;
    return freed >= bytes;
  });
  return last?.usedAt ?? Number.NEGATIVE_INFINITY;
}
