import { expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT, sources } from "./sources.ts";

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
