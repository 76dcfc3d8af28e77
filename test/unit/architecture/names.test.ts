import { expect, test } from "bun:test";
import { type Source, sources } from "./sources.ts";

/** What a file exports of its own: a schema and the type of its values have one name, and are one thing. */
function exportedBy({ text }: Source): Set<string> {
  const declared = text.matchAll(
    /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|class|const|let|type|interface|enum) (\w+)/gm,
  );
  return new Set([...declared].map(([, name = ""]) => name));
}

/** Each exported name, and the files that declare it. */
function declarations(files: readonly Source[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of files)
    for (const name of exportedBy(file)) found.set(name, [...(found.get(name) ?? []), file.path]);
  return found;
}

/**
 * Files in which a name may stand that another file declares, since it is of the same thing: the client's names of what its server's
 * schemas describe, functions that load the one of the same name, and the rows of one family of models in the tables of layouts.
 */
const SAME_THING = [
  /^src\/client\/types\.ts$/,
  /^src\/inference\/on-demand\.ts$/,
  /^src\/models\/(clip|layouts)\/families\//,
];

const declaredTwice = (files: readonly Source[]): string[] =>
  [...declarations(files)]
    .map(([name, paths]) => ({
      name,
      paths: paths.filter((path) => !SAME_THING.some((same) => same.test(path))),
    }))
    .filter(({ paths }) => paths.length > 1)
    .map(({ name, paths }) => `${name}: ${paths.join(", ")}`);

test("no two things have one name", () => {
  const files = sources();
  expect(declarations(files).size).toBeGreaterThan(1_000);
  expect(declaredTwice(files)).toEqual([]);
});

test("a name that two files declare is found", () => {
  const files = [
    { path: "src/engine/answer.ts", text: "export interface Answer {}\nexport const limit = 1;\n" },
    { path: "src/inference/answer.ts", text: "export type Answer = string;\nconst limit = 1;\n" },
    { path: "src/client/types.ts", text: "export type Answer = string;\n" },
  ];
  expect(declaredTwice(files)).toEqual(["Answer: src/engine/answer.ts, src/inference/answer.ts"]);
});

/** Functions and values that the product neither imports nor uses where they stand: knip takes tests for users. */
const usedByNobody = (files: readonly Source[]): string[] => {
  const words = new Map<string, number>();
  for (const { text } of files)
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) words.set(word, (words.get(word) ?? 0) + 1);
  return files.flatMap((file) =>
    [...file.text.matchAll(/^export (?:async )?(?:function\*?|class|const|let) (\w+)/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => words.get(name) === 1)
      .map((name) => `${file.path}: ${name}`),
  );
};

test("nothing is exported for tests alone", () => {
  expect(usedByNobody(sources())).toEqual([]);
  const lonely = { path: "src/lib/lonely.ts", text: "export const lonely = 1;\nexport const used = 2;\n" };
  const user = { path: "src/main.ts", text: "console.log(used);\n" };
  expect(usedByNobody([lonely, user])).toEqual(["src/lib/lonely.ts: lonely"]);
});
