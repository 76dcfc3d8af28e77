import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../../..");
const MARKER = /<!-- example: (\S+) -->/g;
const BLOCK = /<!-- example: (\S+) -->\s*```ts\n([\s\S]*?)```/g;

test("an example in the documents is the file that the tests run", async () => {
  const text = await Bun.file(join(ROOT, "docs/api.md")).text();
  const blocks = new Map([...text.matchAll(BLOCK)].map(([, path = "", code = ""]) => [path, code]));
  expect(blocks.size).toBeGreaterThan(0);
  expect([...blocks.keys()]).toEqual([...new Set([...text.matchAll(MARKER)].map(([, path = ""]) => path))]);
  for (const [path, code] of blocks) expect(code).toBe(await Bun.file(join(ROOT, path)).text());
});
