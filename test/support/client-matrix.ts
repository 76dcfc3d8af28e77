import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** What a test can prove of a client: the columns of the README's table, in its order. */
export const CLIENT_FEATURES = [
  "chat",
  "streaming",
  "tools",
  "structured output",
  "embeddings",
  "images",
  "decisions",
  "errors",
] as const;

export type ClientFeature = (typeof CLIENT_FEATURES)[number];

/** A line of the table: a package that works unchanged, and what was proven of it. */
export interface ClientRow {
  /** As its registry calls it, e.g. `langchain-ollama`. */
  name: string;
  registry: "PyPI" | "npm";
  /** What the installed package itself says, not what was asked of the installer. */
  version: string;
  proven: readonly ClientFeature[];
}

/**
 * Records what a test has just proven; its last statement, so that a failed test records nothing. Several tests of one
 * client add up to one line. Writes `<registry>-<name>.json` into the folder that LLAMERO_CLIENT_RESULTS names (whoever
 * prints the table sets it, to an empty folder), and nothing when it is unset.
 *
 * @throws when another version of the same client has been recorded: the line could not say which one.
 */
export async function recordClient(row: ClientRow): Promise<void> {
  const folder = process.env.LLAMERO_CLIENT_RESULTS;
  if (!folder) return;
  const file = Bun.file(join(folder, `${row.registry}-${row.name.replaceAll("/", "__")}.json`));
  const earlier = (await file.exists()) ? ((await file.json()) as ClientRow) : undefined;
  if (earlier !== undefined && earlier.version !== row.version) {
    throw new Error(`${row.name} was recorded as ${earlier.version}, and then as ${row.version}`);
  }
  const proven = new Set([...(earlier?.proven ?? []), ...row.proven]);
  await mkdir(folder, { recursive: true });
  await Bun.write(
    file,
    JSON.stringify({ ...row, proven: CLIENT_FEATURES.filter((name) => proven.has(name)) }),
  );
}
