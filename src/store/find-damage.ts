import { getTableName, Table } from "drizzle-orm";
import type { Db } from "./database.ts";
import * as schema from "./schema.ts";
import { isDamaged, sqliteError } from "./trouble.ts";

/** The tables that the books consist of. */
export const TABLES: readonly string[] = Object.values(schema).flatMap((one) =>
  one instanceof Table ? getTableName(one) : [],
);

/**
 * Describes the damage of the books; undefined when they are whole. Checks every page of the file, and every manifest against its digest.
 */
export function findDamage(db: Db): string | undefined {
  try {
    return (structuralDamage(db) ?? contentDamage(db))?.replace(/\s+/g, " ");
  } catch (error) {
    const found = sqliteError(error);
    if (isDamaged(error) || found?.code === "SQLITE_ERROR") return found?.message;
    throw error;
  }
}

function structuralDamage({ $client }: Db): string | undefined {
  const [first] = $client.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").all();
  if (first?.integrity_check !== "ok") return first?.integrity_check ?? "it cannot be checked";
  for (const table of TABLES) $client.query(`select 1 from "${table}" limit 1`).get();
  return undefined;
}

function contentDamage(db: Db): string | undefined {
  for (const { digest, json } of db.select().from(schema.manifests).all()) {
    if (new Bun.CryptoHasher("sha256").update(json).digest("hex") !== digest)
      return `the manifest ${digest} is not what it was`;
  }
  return undefined;
}
