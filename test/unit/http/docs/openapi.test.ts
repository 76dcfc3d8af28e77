import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import packageJson from "../../../../package.json" with { type: "json" };
import { buildOpenApi, printOpenApi } from "../../../../src/http/docs/openapi.ts";
import { toOpenApiSchema } from "../../../../src/http/docs/openapi-schema.ts";
import { documentedRoutes } from "../../../support/documented-routes.ts";

const checkedIn = join(import.meta.dir, "../../../../openapi/openapi.json");
const document = await buildOpenApi(documentedRoutes(), packageJson.version);

test("openapi/openapi.json is up to date (bun run openapi)", async () => {
  expect(await Bun.file(checkedIn).text()).toBe(printOpenApi(document));
});

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  responses: Record<string, { description?: string; content?: object }>;
  requestBody?: { content: object };
}

const { paths } = document as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
);

test.each(operations)("%s is described", (_, operation) => {
  expect(operation.summary).toBeString();
  expect(operation.description).toBeString();
  expect(operation.tags).toHaveLength(1);
  for (const response of Object.values(operation.responses)) expect(response.description).toBeString();
  expect(operation.responses).toHaveProperty("default");
  if (operation.requestBody) expect(Object.keys(operation.requestBody.content)).toHaveLength(1);
});

test("routes that stream say so", () => {
  const streams = operations
    .filter(([, { responses }]) => "application/x-ndjson" in (responses["200"]?.content ?? {}))
    .map(([name]) => name);
  expect(streams).toEqual(["POST /api/chat", "POST /api/create", "POST /api/generate"]);
});

/** What JSON Schema has and OpenAPI 3.0 has not. */
test("nothing in it is foreign to OpenAPI 3.0", () => {
  const text = JSON.stringify(document);
  expect(text).not.toContain('"const":');
  expect(text).not.toContain('"patternProperties":');
  expect(text).not.toContain('"type":"null"');
});

describe("toOpenApiSchema", () => {
  test.each([
    [
      { type: "string", title: "x" },
      { type: "string", title: "x" },
    ],
    [
      { type: "object", patternProperties: { "^(.*)$": { type: "string" } } },
      { type: "object", additionalProperties: { type: "string" } },
    ],
    [{ anyOf: [{ type: "array" }, { type: "null" }] }, { type: "array", nullable: true }],
    [
      {
        description: "d",
        anyOf: [
          { const: "a", type: "string" },
          { const: "b", type: "string" },
        ],
      },
      { description: "d", type: "string", enum: ["a", "b"] },
    ],
    [
      { anyOf: [{ type: "boolean" }, { const: "a", type: "string" }] },
      { anyOf: [{ type: "boolean" }, { type: "string", enum: ["a"] }] },
    ],
    [{ items: [{ const: 1 }] }, { items: [{ const: 1 }] }],
  ])("%j", (schema, converted) => {
    expect(toOpenApiSchema(schema)).toEqual(converted);
  });
});
