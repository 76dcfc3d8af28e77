/** What there is stands in the pages: every endpoint, every command, every page of the site. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { PARSER_NAMES } from "../../../src/models/parser-traits.ts";
import { RENDERER_NAMES } from "../../../src/prompt/renderers/index.ts";
import { ROOT } from "../architecture/sources.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const pagesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);

/** `/v1/models/{model}` of the OpenAPI document is `/v1/models/:model` to readers. */
const spelled = (path: string): string[] => [path, path.replaceAll(/\{(\w+)\}/g, ":$1")];

describe("docs/behaviour", () => {
  const text = pagesIn("docs/behaviour").map(read).join("\n");

  test("has every endpoint of the OpenAPI document", () => {
    const paths = Object.keys(JSON.parse(read("openapi/openapi.json")).paths);
    expect(paths.length).toBeGreaterThan(40);
    const named = new Set([...text.matchAll(/(?<=[`\s])\/[\w/:{}]*/g)].map(([path]) => path));
    expect(paths.filter((path) => !spelled(path).some((each) => named.has(each)))).toEqual([]);
  });

  test.each([
    ["## 8. Renderers", RENDERER_NAMES],
    ["## 9. Parsers", PARSER_NAMES],
  ] as const)("%s has those that there are", (heading, names) => {
    const [, section = ""] = read("docs/behaviour/modelfile.md").split(heading);
    const [own = ""] = section.split("\n## ");
    const rows = own.split("\n").filter((line) => /^(\||`gemma4` )/.test(line));
    const named = rows.flatMap((row) =>
      [...row.matchAll(/`([a-z][a-z0-9.-]+)`/g)].map(([, name = ""]) => name),
    );
    expect(named.toSorted()).toEqual(names.toSorted());
  });

  test("has every command", () => {
    const commands = read("docs/behaviour/cli.md");
    expect(COMMANDS.filter(({ name }) => !commands.includes(`\`${name}`)).map(({ name }) => name)).toEqual(
      [],
    );
  });
});

test("the page about the command line has every command", () => {
  const commands = read("docs/cli.md");
  expect(COMMANDS.filter(({ name }) => !commands.includes(`\`${name}`)).map(({ name }) => name)).toEqual([]);
});

test("the site's side bar leads to every page", () => {
  const linked = [...read("docs/.vitepress/config.ts").matchAll(/page\(".*?", "\/(.*?)"\)/g)].map(
    ([, link]) => `docs/${link}.md`,
  );
  const pages = [...pagesIn("docs"), ...pagesIn("docs/behaviour")].filter((page) => page !== "docs/index.md");
  expect(linked.toSorted()).toEqual(pages.toSorted());
});
