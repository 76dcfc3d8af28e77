import { Database, type SQLQueryBindings } from "bun:sqlite";
import { type Db, writeTransaction } from "./database.ts";
import { TABLES } from "./find-damage.ts";
import { listTree, storedNameKey, writeTreeFile } from "./manifest-tree.ts";
import { sqliteError } from "./trouble.ts";

/** Tables that are made anew from manifests and blobs. */
const MADE_ANEW = ["models", "manifests", "layers", "blobs", "texts", "gguf"];

type Row = Record<string, SQLQueryBindings>;

/**
 * Takes the readable rows out of damaged books: manifests of models become files in the tree where it lacks them, from which the models
 * are made anew; tables that are not about models are copied row by row.
 *
 * @param damaged path of the damaged books.
 */
export function salvageBooks(db: Db, damaged: string, root: string): void {
  const source = openDamaged(damaged);
  if (source === undefined) return;
  try {
    salvageManifests(source, root);
    writeTransaction(db, () => {
      for (const table of TABLES.filter((name) => !MADE_ANEW.includes(name)))
        copyRows(source, db.$client, table);
    });
  } finally {
    source.close();
  }
}

function openDamaged(path: string): Database | undefined {
  try {
    const source = new Database(path);
    source.query("select 1 from sqlite_schema limit 1").get();
    return source;
  } catch (error) {
    if (sqliteError(error) === undefined) throw error;
    return undefined;
  }
}

/** The rows of a query, up to the first one that cannot be read. */
function* readableRows(source: Database, query: string): Generator<Row> {
  try {
    for (const row of source.query<Row, []>(query).iterate()) yield row;
  } catch (error) {
    if (sqliteError(error) === undefined) throw error;
  }
}

function salvageManifests(source: Database, root: string): void {
  const manifests = new Map<unknown, Uint8Array>();
  for (const { digest, json } of readableRows(source, "select digest, json from manifests not indexed")) {
    const isWhole =
      json instanceof Uint8Array && new Bun.CryptoHasher("sha256").update(json).digest("hex") === digest;
    if (isWhole) manifests.set(digest, json);
  }
  const there = new Set(listTree(root).map(({ name }) => storedNameKey(name)));
  for (const row of readableRows(source, "select * from models not indexed")) {
    const [host, namespace, model, tag] = [row.host, row.namespace, row.model, row.tag].map(String);
    const name = { host: host!, namespace: namespace!, model: model!, tag: tag! };
    const json = manifests.get(row.manifest_digest);
    if (json === undefined || there.has(storedNameKey(name))) continue;
    writeTreeFile(root, name, json, Number(row.modified_at));
  }
}

/** Copies a table. A row that refers to a row which could not be read is left out. */
function copyRows(source: Database, target: Database, table: string): void {
  const columns = columnsOf(target, table).filter((column) => columnsOf(source, table).includes(column));
  if (columns.length === 0) return;
  const list = columns.map((column) => `"${column}"`).join(", ");
  const insert = target.query(
    `insert or ignore into "${table}" (${list}) values (${columns.map(() => "?").join(", ")})`,
  );
  for (const row of readableRows(source, `select ${list} from "${table}" not indexed`)) {
    try {
      insert.run(...columns.map((column) => row[column] ?? null));
    } catch (error) {
      if (!sqliteError(error)?.code?.startsWith("SQLITE_CONSTRAINT")) throw error;
    }
  }
}

const columnsOf = (database: Database, table: string): string[] =>
  [...readableRows(database, `select name from pragma_table_info('${table}')`)].map(({ name }) =>
    String(name),
  );
