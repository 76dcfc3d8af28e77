/** The pages that name every field of the compatible APIs say what the OpenAPI document says. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FIELD_PAGES, fieldPage } from "../../../scripts/support/field-pages.ts";
import { ROOT } from "../architecture/sources.ts";

const document = JSON.parse(readFileSync(join(ROOT, "openapi/openapi.json"), "utf8"));

/** Names of all properties below a node of the document, references followed. */
function propertiesBelow(node: unknown, names = new Set<string>(), seen = new Set<unknown>()): Set<string> {
  if (typeof node !== "object" || node === null || seen.has(node)) return names;
  seen.add(node);
  for (const [key, value] of Object.entries(node)) {
    if (key === "example" || key === "examples") continue;
    if (key === "properties") for (const name of Object.keys(value)) names.add(name);
    const target =
      key === "$ref" ? document.components.schemas[String(value).split("/").at(-1) ?? ""] : value;
    propertiesBelow(target, names, seen);
  }
  return names;
}

test.each(FIELD_PAGES)("$file is what `bun run openapi` makes", (page) => {
  expect(readFileSync(join(ROOT, "docs", page.file), "utf8")).toBe(fieldPage(document, page));
});

test.each(FIELD_PAGES)("$file names every field", ({ file, paths }) => {
  const text = readFileSync(join(ROOT, "docs", file), "utf8");
  const named = new Set([...text.matchAll(/^\| `([^`]+)`/gm)].map(([, path = ""]) => path.split(".").at(-1)));
  for (const path of paths) {
    const { requestBody, responses } = document.paths[path].post;
    const fields = propertiesBelow([requestBody, responses["200"]]);
    expect(fields.size).toBeGreaterThan(5);
    expect([...fields].filter((field) => !named.has(field))).toEqual([]);
  }
});

test("a field without a row is found", () => {
  const [page] = FIELD_PAGES;
  const changed = structuredClone(document);
  changed.components.schemas.ChatCompletionRequest.properties.invented = { type: "string" };
  expect(fieldPage(changed, page!)).not.toBe(fieldPage(document, page!));
});
