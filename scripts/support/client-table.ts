import { basename } from "node:path";
import { CLIENT_FEATURES, type ClientRow } from "../../test/support/client-matrix.ts";

/** A client with the test files that prove it, as paths in the repository. */
export interface ProvenClient extends ClientRow {
  tests: readonly string[];
}

const CHECK = "✓";
const HEAD = ["Client", "From", "Version", ...CLIENT_FEATURES.map(capitalised), "Tests"];

/**
 * One line for each client, whichever of the test files it was proven in, by registry and name.
 *
 * @throws Error when two files saw different versions of a client: the line could not say which one.
 */
export function mergeClients(clients: readonly ProvenClient[]): ProvenClient[] {
  const merged = new Map<string, ProvenClient>();
  for (const client of clients) {
    const key = `${client.registry} ${client.name}`;
    const earlier = merged.get(key);
    if (earlier !== undefined && earlier.version !== client.version) {
      throw new Error(`${key} was proven as ${earlier.version} and as ${client.version}`);
    }
    const proven = new Set([...(earlier?.proven ?? []), ...client.proven]);
    merged.set(key, {
      ...client,
      proven: CLIENT_FEATURES.filter((feature) => proven.has(feature)),
      tests: [...new Set([...(earlier?.tests ?? []), ...client.tests])].sort(),
    });
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, client]) => client);
}

/**
 * What has to be run for some test files: a line is written anew as a whole, so all files that have a part in it run.
 *
 * @returns the files, and the clients that none of them has a part in.
 */
export function affected(asked: readonly string[], clients: readonly ProvenClient[]) {
  const files = new Set(asked);
  let kept = clients;
  for (let before = -1; before !== files.size; ) {
    before = files.size;
    const touched = kept.filter(({ tests }) => tests.some((file) => files.has(file)));
    kept = kept.filter((client) => !touched.includes(client));
    for (const file of touched.flatMap(({ tests }) => tests)) files.add(file);
  }
  return { files, kept };
}

/** The table in Markdown, its columns lined up as the formatter wants them. */
export function printClientTable(clients: readonly ProvenClient[]): string {
  const rows = clients.map(({ name, registry, version, proven, tests }) => [
    `\`${name}\``,
    registry,
    version,
    ...CLIENT_FEATURES.map((feature) => (proven.includes(feature) ? CHECK : "")),
    tests.map((path) => `[${basename(path, ".test.ts")}](${path})`).join(", "),
  ]);
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(HEAD), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** What a table says that {@link printClientTable} has printed. @throws Error for anything else. */
export function parseClientTable(table: string): ProvenClient[] {
  const [head = [], , ...rows] = table.split("\n").map(cellsOf);
  if (head.join() !== HEAD.join()) throw new Error(`not the table of clients: ${head.join(" | ")}`);
  return rows.map(([client = "", registry = "", version = "", ...rest]) => {
    if (registry !== "npm" && registry !== "PyPI") throw new Error(`not a registry: ${registry}`);
    return {
      name: client.replaceAll("`", ""),
      registry,
      version,
      proven: CLIENT_FEATURES.filter((_, column) => rest[column] === CHECK),
      tests: [...rest.at(-1)!.matchAll(/\(([^)]+)\)/g)].map(([, path]) => path!),
    };
  });
}

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
