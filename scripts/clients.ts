import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientRow } from "../test/support/client-matrix.ts";
import {
  affected,
  mergeClients,
  type ProvenClient,
  parseClientTable,
  printClientTable,
} from "./support/client-table.ts";
import { clientTests } from "./support/client-tests.ts";
import { Failure, runScript } from "./support/failure.ts";
import { ROOT } from "./support/paths.ts";

/**
 * Writes the README's table of clients from the results of their tests, which it runs one file at a time. Run it after a
 * change of a client's version or of what its test proves; a unit test notices when it was not.
 *
 *   bun scripts/clients.ts            all of them
 *   bun scripts/clients.ts FILE...    these test files, and those that share a line with them; the other lines stay
 */
const README = join(ROOT, "README.md");
const TABLE = /(?<=<!-- clients -->\n)[\s\S]*?(?=<!-- end clients -->)/;

async function main(): Promise<void> {
  const known = clientTests();
  const asked = process.argv.slice(2);
  const unknown = asked.find((file) => !known.includes(file));
  if (unknown !== undefined) throw new Failure(`${unknown} proves no client; these do: ${known.join(", ")}`);
  const current = TABLE.exec(await Bun.file(README).text())?.[0];
  if (current === undefined) throw new Failure("README.md has no <!-- clients --> … <!-- end clients -->");
  const { files, kept } =
    asked.length === 0
      ? { files: new Set(known), kept: [] }
      : affected(asked, parseClientTable(current.trimEnd()));

  const proven: ProvenClient[] = [...kept];
  for (const file of known.filter((each) => files.has(each))) {
    const rows = await prove(file);
    for (const { name, version } of rows) console.log(`${file}: ${name} ${version}`);
    proven.push(...rows.map((row) => ({ ...row, tests: [file] })));
  }
  const table = printClientTable(mergeClients(proven));
  const readme = await Bun.file(README).text();
  await Bun.write(
    README,
    readme.replace(TABLE, () => `${table}\n`),
  );
}

/** Runs one test file. @throws Failure unless it passes and records something. */
async function prove(file: string): Promise<ClientRow[]> {
  const results = await mkdtemp(join(tmpdir(), "llamero-clients-"));
  try {
    const child = Bun.spawn([process.execPath, "test", "--only-failures", `./${file}`], {
      cwd: ROOT,
      env: { ...process.env, LLAMERO_CLIENT_RESULTS: results },
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
    });
    if ((await child.exited) !== 0) throw new Failure(`${file} failed; the table is as it was`);
    const names = await readdir(results);
    if (names.length === 0) throw new Failure(`${file} passed and recorded nothing; the table is as it was`);
    return await Promise.all(
      names.map(async (name): Promise<ClientRow> => Bun.file(join(results, name)).json()),
    );
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

await runScript(main);
