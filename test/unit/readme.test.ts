import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VARIABLES } from "../../src/config/variables.ts";

const ROOT = join(import.meta.dir, "../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const ci = readFileSync(join(ROOT, ".ci/run"), "utf8");

/** The text between two HTML comments of a page. */
const between = (page: string, start: string, end: string): string =>
  readFileSync(join(ROOT, page), "utf8").split(`<!-- ${start} -->`)[1]?.split(`<!-- ${end} -->`)[0]?.trim() ??
  "";

/** A table without the blanks and dashes that the formatter adds to line its columns up. */
const unpadded = (table: string): string =>
  table
    .replace(/ *\| */g, " | ")
    .replace(/-{3,}/g, "---")
    .replace(/^ \| | \| $/gm, "|");

test("the table of variables is the one that the server reads", () => {
  const rows = Object.values(VARIABLES).map(
    ({ name, default: unset, meaning }) => `|\`${name}\` | \`${unset}\` | ${meaning}|`,
  );
  expect(unpadded(between("docs/configuration.md", "variables", "end variables"))).toBe(
    ["|Variable | Default | Meaning|", "|--- | --- | ---|", ...rows].join("\n"),
  );
});

test("the TypeScript example is the file that the tests run", () => {
  const code = readFileSync(join(ROOT, "examples/chat.ts"), "utf8");
  expect(between("docs/api.md", "example: examples/chat.ts", "end example")).toBe(`\`\`\`ts\n${code}\`\`\``);
});

test("CI runs the README's test command", () => {
  expect(readme).toContain("\nnpx -y bun@1.4.5 run check\n");
  expect(ci.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toContain(
    "npx -y bun@1.4.5 run check",
  );
});
