import { and, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { models, pulls } from "./schema.ts";

/** The parts of a model's name; the store knows no grammar for them. */
export interface StoredName {
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  readonly tag: string;
}

/** Matches whole names without regard to case; in `models` by the expressions of the unique index, so at most one row. */
export function hasName(
  table: typeof models | typeof pulls,
  name: Record<keyof StoredName, string | Placeholder>,
): SQL | undefined {
  return and(
    sql`lower(${table.model}) = lower(${name.model})`,
    sql`lower(${table.tag}) = lower(${name.tag})`,
    sql`lower(${table.namespace}) = lower(${name.namespace})`,
    sql`lower(${table.host}) = lower(${name.host})`,
  );
}
