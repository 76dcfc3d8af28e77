/** The README's table of clients is what `scripts/clients.ts` wrote for the versions that are pinned today. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { parseClientTable, printClientTable } from "../../scripts/support/client-table.ts";
import { clientTests } from "../../scripts/support/client-tests.ts";
import { TESTED_AGENTS } from "../support/agents.ts";

const ROOT = join(import.meta.dir, "../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const table = readme.split("<!-- clients -->\n")[1]?.split("\n<!-- end clients -->")[0]?.trim() ?? "";
const clients = parseClientTable(table);

/** `name==version` of every file of requirements, without extras such as `[openai]`. */
function pythonPins(): Map<string, string> {
  const files = new Bun.Glob("test/support/requirements*.txt").scanSync({ cwd: ROOT });
  const lines = [...files].flatMap((file) => readFileSync(join(ROOT, file), "utf8").split("\n"));
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, version] = /^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)/.exec(line) ?? [];
      return name !== undefined && version !== undefined ? [[name, version]] : [];
    }),
  );
}

test("every version is the one that is installed for the tests", () => {
  const agents = TESTED_AGENTS.map(({ package: { name, version } }): [string, string] => [name, version]);
  const npm = new Map([...Object.entries(packageJson.devDependencies), ...agents]);
  const pins = { npm, PyPI: pythonPins() };
  expect(clients.map(({ name, registry, version }) => [registry, name, version])).toEqual(
    clients.map(({ name, registry }) => [registry, name, pins[registry].get(name) ?? "not pinned"]),
  );
});

test("every test that proves a client has a row, and every row a test", () => {
  const linked = new Set(clients.flatMap(({ tests }) => tests));
  expect([...linked].sort()).toEqual(clientTests());
});

test("no client is in it that nothing was proven of, and it is printed by the script", () => {
  expect(clients.filter(({ proven }) => proven.length === 0)).toEqual([]);
  expect(table).toBe(printClientTable(clients));
});
