import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
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
