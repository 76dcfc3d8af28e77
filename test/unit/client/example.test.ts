import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../../..");
const MARKER = /<!-- example: (\S+) -->/g;
const BLOCK = /<!-- example: (\S+) -->\s*```ts\n([\s\S]*?)```/g;

test("an example in the README is the file that the tests run", async () => {
  const readme = Bun.file(join(ROOT, "README.md"));
  const text = (await readme.exists()) ? await readme.text() : "";
  const blocks = new Map([...text.matchAll(BLOCK)].map(([, path = "", code = ""]) => [path, code]));
  expect([...blocks.keys()]).toEqual([...new Set([...text.matchAll(MARKER)].map(([, path = ""]) => path))]);
  for (const [path, code] of blocks) expect(code).toBe(await Bun.file(join(ROOT, path)).text());
});
