import { expect, test } from "bun:test";
import { importsOf, roomOf, sources } from "./sources.ts";

const files = new Map(sources().map((file) => [file.path, file]));

/** What is loaded with a file: what it imports, and so on; not what it imports when it comes to need it. */
function loadedWith(entry: string): string[] {
  const loaded = new Set<string>([entry]);
  for (const path of loaded) {
    const file = files.get(path);
    if (file === undefined) continue;
    const text = file.text.replaceAll(/\bimport\("[^"]+"\)/g, "");
    for (const { target, types } of importsOf({ path, text }))
      if (!types && files.has(target)) loaded.add(target);
  }
  return [...loaded];
}

/** Used with the first answer, the first conversion, the first look at the documentation, the first request of another dialect. */
const ON_DEMAND = [
  "src/api/anthropic/index.ts",
  "src/api/anthropic/schema/request.ts",
  "src/api/llamero/index.ts",
  "src/api/openai/index.ts",
  "src/api/openai/responses/",
  "src/api/openai/decisions/",
  "src/api/ollama/examples.ts",
  "src/http/docs/openapi.ts",
  "src/grammar/",
  "src/prompt/jinja/render.ts",
  "src/prompt/render.ts",
  "src/models/convert/convert.ts",
];

test("a server that only waits does not hold in memory what no request has asked for", () => {
  const loaded = loadedWith("src/serve.ts");
  expect(new Set(loaded.map(roomOf)).size).toBeGreaterThan(8);
  expect(loaded.filter((path) => ON_DEMAND.some((start) => path.startsWith(start)))).toEqual([]);
  const packages = loaded.map((path) => files.get(path)?.text ?? "");
  expect(packages.filter((text) => /^import (?!type)[^;]*from "@elysiajs\/swagger"/m.test(text))).toEqual([]);
});
