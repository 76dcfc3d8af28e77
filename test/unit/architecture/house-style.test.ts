import { expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { isFunction, type SyntaxNode } from "../../support/syntax-nodes.ts";
import { ROOT, type Source, sources } from "./sources.ts";

const files = sources();
const packageJson = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

test("no file is longer than 300 lines", () => {
  const long = files.filter(({ text }) => text.split("\n").length > 301).map(({ path }) => path);
  expect(long).toEqual([]);
});

test("no type check is silenced and nothing is left for later", () => {
  const marks = /@ts-(ignore|nocheck|expect-error)|\b(TODO|FIXME)\b/;
  expect(files.filter(({ text }) => marks.test(text)).map(({ path }) => path)).toEqual([]);
});

test("what names its interpreter may be run: `bun link` would set the mode, and dirty a checkout", () => {
  const scripts = ["bin/*.mjs", "src/*.ts", "deploy/*.sh"]
    .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(ROOT)])
    .filter((path) => readFileSync(join(ROOT, path), "utf8").startsWith("#!"));
  expect(scripts).toContain("bin/llamero.mjs");
  expect(scripts.filter((path) => (statSync(join(ROOT, path)).mode & 0o111) === 0)).toEqual([]);
});

test("every version is exact, and this is the Bun that is pinned", () => {
  const versions = {
    ...packageJson.dependencies,
    ...packageJson.optionalDependencies,
    ...packageJson.devDependencies,
  } as Record<string, string>;
  expect(Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(packageJson.packageManager).toBe(`bun@${Bun.version}`);
  expect(packageJson.engines.bun).toBe(Bun.version);
});

const MOST_LINES = 40;

/** Functions that are lists, which cutting would not make plainer. */
const LISTS: Record<string, string> = {
  "src/serve.ts": "the rooms, in the order in which they are opened",
  "src/config/resolve.ts": "a line for each variable",
  "src/api/openai/responses/output/response-object.ts": "a line for each field",
  "src/prompt/go-template/node-text.ts": "a case for each kind of node",
  "native/runner/service.ts": "a case for each kind of message",
  "src/cli/completion.ts": "a script of a shell, as text",
  "src/web/chat/composer.tsx": "markup",
  "src/web/chat/chat-view.tsx": "markup",
  "src/web/try/embeddings-trial.tsx": "markup",
  "src/web/activity/usage.ts": "an entry for each chart",
};

/** The functions directly in a piece of a program, those in them left out. */
function functionsIn(value: unknown): SyntaxNode[] {
  if (isFunction(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(functionsIn) : [];
}

/** Lines of each function of a file, without those of the functions in it. */
function functionLengths({ path, text }: Source): number[] {
  const linesOf = ({ start, end }: SyntaxNode): number => text.slice(start, end).split("\n").length;
  const lengths = (found: SyntaxNode): number[] => {
    const inner = Object.values(found).flatMap(functionsIn);
    const own = linesOf(found) - inner.reduce((sum, each) => sum + linesOf(each) - 1, 0);
    return [own, ...inner.flatMap(lengths)];
  };
  return functionsIn(parseSync(path, text).program).flatMap(lengths);
}

test("no function is longer than 40 lines, but for lists", () => {
  const long = files.filter((file) => functionLengths(file).some((lines) => lines > MOST_LINES));
  expect(long.map(({ path }) => path).sort()).toEqual(Object.keys(LISTS).sort());
  const body = "  x();\n".repeat(MOST_LINES);
  const inner = `const f = () => {\n${body}  const g = () => {\n${body}  };\n};\n`;
  expect(functionLengths({ path: "src/a.ts", text: inner })).toEqual([43, 42]);
});
