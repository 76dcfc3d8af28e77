import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "../architecture/sources.ts";

const FOLDERS = ["src", "native", "test", "scripts", "deploy", "docs/.vitepress"];
/** Pages about the code: what they name is in it. */
const PAGES = [
  "CONTRIBUTING.md",
  "docs/{adding,architecture,scheduler,vision}.md",
  ...FOLDERS.map((folder) => `${folder}/**/README.md`),
];
const CODE = ["*.{ts,json}", ...FOLDERS.map((folder) => `${folder}/**/*.{ts,tsx,c,h,cpp,json}`)];

const found = (patterns: readonly string[]): string[] =>
  patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT, dot: true })]);

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const code = found(CODE).filter((path) => !path.includes("node_modules"));
const files = new Set([...code.map((path) => basename(path)), "llama.h"]);
const words = new Set(code.flatMap((path) => read(path).match(/[A-Za-z_$][\w$]*/g) ?? []));

/** `file.ts`, also at the end of a path. `thing.ts` and `NAME.ts` stand for a file to come. */
const fileNamed = (code: string): string | undefined =>
  /^(?:[\w./-]*\/)?([a-z0-9][\w.-]*\.(?:ts|tsx|c|h))$/.exec(code)?.[1];

/** An identifier that is no common word: `planOutput`, `ModelOutput`, `MOST_WAITING`. */
const identifier = (code: string): string | undefined =>
  /^([a-z]+(?:[A-Z]\w*)|[A-Z][a-z0-9]+[A-Z]\w*|[A-Z]+_[A-Z_]+)(?:\(.*\))?$/.exec(code)?.[1];

/** What a page names in code that is not there. */
function strangers(page: string): string[] {
  const named = [...page.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return named.filter((code) => {
    const file = fileNamed(code);
    const word = identifier(code);
    return (
      (file !== undefined && !files.has(file) && !/^thing\b/.test(file)) ||
      (word !== undefined && !words.has(word))
    );
  });
}

test("what pages about the code name is there", () => {
  const pages = found(PAGES).filter((path) => !path.includes("node_modules"));
  expect(pages.length).toBeGreaterThan(30);
  const wrong = pages.flatMap((path) => strangers(read(path)).map((name) => `${path}: ${name}`));
  expect(wrong).toEqual([]);
});

test("a file and a function that are not there are found", () => {
  expect(strangers("`src/lib/defined.ts` has `ifDefined`, and `plan.ts` comes first.")).toEqual([]);
  const gone = ["src/lib/no-such-file.ts", ["noSuch", "Function"].join("")];
  expect(strangers(gone.map((name) => `\`${name}\``).join(" and "))).toEqual(gone);
});
