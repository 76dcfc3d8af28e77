import { and, asc, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { type Db, type Sql, writeUnhurried } from "./database.ts";
import { type UsageRow, usage } from "./schema.ts";

export type { UsageRow };

/** The dimensions by which sums may be grouped. */
export const GROUPS = ["model", "key", "dialect", "kind"] as const;
export type UsageGroup = (typeof GROUPS)[number];

/** A question about usage. Times are milliseconds since the epoch. */
export interface UsageQuery {
  from: number;
  /** The first moment that does not count. */
  to: number;
  /** Length of the buckets in milliseconds: a whole number of hours. They begin with the epoch. */
  bucketMs: number;
  by: readonly UsageGroup[];
  /** Only rows with one of these values. A key is its id, "" for requests without one. */
  only?: Partial<Record<UsageGroup, readonly string[]>>;
}

type Counts = Omit<UsageRow, "hour" | "model" | "dialect" | "kind" | "keyId">;

/** The sums of one bucket, and of one group in it. */
export interface UsageBucket extends Counts {
  /** When the bucket begins. */
  start: number;
  /** The dimensions named in {@link UsageQuery.by}; `key` is "" for requests without one. */
  group: Partial<Record<UsageGroup, string>>;
}

/** The books of usage. */
export interface UsageBooks {
  /** Adds to the rows. @throws AppError as other writes do; and `busy` at once when another process holds the lock. */
  add(rows: readonly UsageRow[]): void;
  /** Buckets without requests are left out. In the order of time, then of the groups. */
  read(query: UsageQuery): UsageBucket[];
  /** Removes rows that are older than this, in milliseconds since the epoch. */
  forget(before: number): void;
}

const COLUMNS = {
  model: usage.model,
  key: usage.keyId,
  dialect: usage.dialect,
  kind: usage.kind,
};

const total = (column: SQL | (typeof usage)[keyof Counts]) => sql<number>`sum(${column})`;

const SUMS = {
  requests: total(usage.requests),
  errors: total(usage.errors),
  promptTokens: total(usage.promptTokens),
  cachedTokens: total(usage.cachedTokens),
  generatedTokens: total(usage.generatedTokens),
  firstTexts: total(usage.firstTexts),
  firstTextMs: total(usage.firstTextMs),
  firstTextMaxMs: sql<number>`max(${usage.firstTextMaxMs})`,
  durationMs: total(usage.durationMs),
} satisfies Record<keyof Counts, SQL<number>>;

export function createUsageBooks({ db }: { db: Db }): UsageBooks {
  return {
    add: (rows) =>
      writeUnhurried(db, (tx) => {
        for (const row of rows) add(tx, row);
      }),
    read: (query) => read(db, query),
    forget: (before) => writeUnhurried(db, (tx) => tx.delete(usage).where(lt(usage.hour, before)).run()),
  };
}

function add(tx: Sql, row: UsageRow): void {
  const more = (column: (typeof usage)[keyof Counts]) =>
    sql`${column} + excluded.${sql.identifier(column.name)}`;
  tx.insert(usage)
    .values(row)
    .onConflictDoUpdate({
      target: [usage.hour, usage.model, usage.dialect, usage.kind, usage.keyId],
      set: {
        requests: more(usage.requests),
        errors: more(usage.errors),
        promptTokens: more(usage.promptTokens),
        cachedTokens: more(usage.cachedTokens),
        generatedTokens: more(usage.generatedTokens),
        firstTexts: more(usage.firstTexts),
        firstTextMs: more(usage.firstTextMs),
        firstTextMaxMs: sql`max(${usage.firstTextMaxMs}, excluded.first_text_max_ms)`,
        durationMs: more(usage.durationMs),
      },
    })
    .run();
}

function read(db: Db, { from, to, bucketMs, by, only = {} }: UsageQuery): UsageBucket[] {
  const start = sql<number>`${usage.hour} / ${bucketMs} * ${bucketMs}`.as("start");
  const groups = by.map((name) => COLUMNS[name]);
  const chosen = GROUPS.flatMap((name) => {
    const values = only[name];
    return values === undefined ? [] : [inArray(COLUMNS[name], [...values])];
  });
  const rows = db
    .select({
      ...SUMS,
      start,
      model: usage.model,
      key: usage.keyId,
      dialect: usage.dialect,
      kind: usage.kind,
    })
    .from(usage)
    .where(and(gte(usage.hour, from), lt(usage.hour, to), ...chosen))
    .groupBy(sql`start`, ...groups)
    .orderBy(sql`start`, ...groups.map((column) => asc(column)))
    .all();
  return rows.map(({ model, key, dialect, kind, ...sums }) => {
    const values = { model, key, dialect, kind };
    return { ...sums, group: Object.fromEntries(by.map((name) => [name, values[name]])) };
  });
}
