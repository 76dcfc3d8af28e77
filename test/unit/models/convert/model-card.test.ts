import { expect, test } from "bun:test";
import { readLicense } from "../../../../src/models/convert/model-card.ts";

test.each([
  ["---\nlicense: apache-2.0\n---\n", "apache-2.0"],
  ["---\r\nlanguage: en\r\nlicense: 'mit' \r\n---\r\n# M", "mit"],
  ["---\nlanguage: en\n---\nlicense: mit\n", undefined],
  ["---\nlicense:\n  - mit\n---\n", undefined],
  ["# No front matter\n", undefined],
])("the licence of %j", async (card, license) => {
  expect(await readLicense({ name: "model", files: new Map([["README.md", new Blob([card])]]) })).toBe(
    license,
  );
});

test("no licence without a model card", async () => {
  expect(await readLicense({ name: "model", files: new Map() })).toBeUndefined();
});
