import { expect, test } from "bun:test";
import { join } from "node:path";
import packageJson from "../../../../package.json" with { type: "json" };
import { allExamples, buildOpenApi, printOpenApi } from "../../../../src/http/docs/openapi.ts";
import { documentedRoutes } from "../../../support/documented-routes.ts";
import { fakeApp } from "../../../support/fake-app.ts";

interface Schema {
  $ref?: string;
  description?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
}
interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { summary?: string; value?: unknown }>;
}
interface Reply {
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}
interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name?: string; description?: string; schema?: object; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Reply>;
}
interface Document {
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const checkedIn = join(import.meta.dir, "../../../../openapi/openapi.json");
const document = (await buildOpenApi(documentedRoutes(), packageJson.version)) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
);

test("openapi/openapi.json is up to date (bun run openapi)", async () => {
  expect(await Bun.file(checkedIn).text()).toBe(printOpenApi(document));
});

/** Elysia changes the schemas of replies when it compiles a route for its first request. */
test("it is the same after the routes have been used", async () => {
  await fakeApp().send("POST", "/api/show", { model: "test" });
  expect(await buildOpenApi(documentedRoutes(), packageJson.version)).toEqual(document);
});

test("every example belongs to an operation", () => {
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(Object.keys(allExamples).filter((id) => !ids.includes(id))).toEqual([]);
});

test("every model is referred to", () => {
  const text = printOpenApi(document);
  const names = Object.keys(document.components.schemas);
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => !text.includes(`"#/components/schemas/${name}"`))).toEqual([]);
});

test("every route is in it", () => {
  // A path that ends in a wildcard is another spelling of one that is described.
  const routes = documentedRoutes()
    .routes.filter(({ path }) => !path.endsWith("*"))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  expect(operations.map(([name]): string => name).sort()).toEqual(routes.sort());
});

test.each(operations)("%s is described", (_, operation) => {
  expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
  expect(operation.summary).not.toBeEmpty();
  expect(operation.description).toEndWith(".");
  expect(operation.tags).toHaveLength(1);
  expect(document.tags.map(({ name }) => name)).toContain(operation.tags![0]!);
  for (const { description, schema, example } of operation.parameters ?? []) {
    expect(description).toEndWith(".");
    expect(schema).toBeObject();
    expect(example).toBeDefined();
  }
});

test.each(operations)("%s: every reply is described", (name, { requestBody, responses }) => {
  expect(Object.keys(responses).some((status) => status.startsWith("2"))).toBe(true);
  expect(responses).toHaveProperty("403");
  const readsJson = requestBody !== undefined && "application/json" in requestBody.content;
  const readsForm = requestBody !== undefined && "multipart/form-data" in requestBody.content;
  expect("413" in responses).toBe(readsJson || readsForm);
  for (const [status, { description, headers, content }] of Object.entries(responses)) {
    expect(description).toEndWith(".");
    if (status === "200" && readsJson) expect(headers).toHaveProperty("Warning");
    if (name.startsWith("HEAD")) expect(content).toBeUndefined();
    else if (!status.startsWith("2")) expect(content).toBeObject();
  }
});

const media = operations.flatMap(([name, { requestBody, responses }]) => [
  ...Object.entries(requestBody?.content ?? {}).map(
    ([type, body]) => [`${name} takes ${type}`, body] as const,
  ),
  ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content).map(([type, body]) => [`${name} answers ${status} ${type}`, body] as const),
  ),
]);

test.each(media.filter(([name]) => !name.endsWith("octet-stream")))("%s has examples", (_, body) => {
  expect(body.schema).toBeObject();
  if (body.example !== undefined) return;
  const examples = Object.values(body.examples ?? {});
  expect(examples.length).toBeGreaterThan(0);
  for (const { summary, value } of examples) {
    expect(summary).not.toBeEmpty();
    expect(value).toBeDefined();
  }
});

/** A schema, or what it refers to. */
function resolved(schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split("/").at(-1);
  return (name === undefined ? schema : document.components.schemas[name]) ?? {};
}

test.each(operations)("%s: a stream is described by its lines, an error among them", (_, operation) => {
  const request = resolved(operation.requestBody?.content["application/json"]?.schema);
  const content = operation.responses["200"]?.content;
  const lines = (content?.["application/x-ndjson"] ?? content?.["text/event-stream"])?.schema;
  const asked = operation.parameters?.some(({ name }) => name === "stream") ?? false;
  expect(lines !== undefined).toBe(asked || "stream" in (request.properties ?? {}));
  if (lines === undefined) return;
  expect(lines.anyOf!.length).toBeGreaterThan(1);
  expect(Object.keys(resolved(lines.anyOf!.at(-1)).properties ?? {})).toContain("error");
});

/** Paths of the schemas within `schema` that say nothing of what they mean; a reference is described where it leads. */
function undescribed(schema: Schema, path: string): string[] {
  if (schema.$ref !== undefined) return [];
  const fields = Object.entries(schema.properties ?? {});
  return [
    ...(schema.description ? [] : [path]),
    ...fields.flatMap(([name, field]) => undescribed(field, `${path}.${name}`)),
    ...(schema.items === undefined ? [] : undescribed(schema.items, `${path}[]`)),
    // Of alternatives the whole is described, and the fields of each.
    ...(schema.anyOf ?? []).flatMap((option) => undescribed({ description: path, ...option }, path)),
  ];
}

test.each(Object.entries(document.components.schemas))("every field of %s is described", (name, schema) => {
  expect(undescribed(schema, name)).toEqual([]);
});

test.each(media)("every field of what %s is described", (name, { schema = {} }) => {
  expect(undescribed({ description: name, ...schema }, name)).toEqual([]);
});

/** What JSON Schema has and OpenAPI 3.0 has not. */
test("nothing in it is foreign to OpenAPI 3.0", () => {
  const text = JSON.stringify([document.components, media.map(([, { schema }]) => schema)]);
  expect(text.match(/"(const|patternProperties|x-[a-z-]+)":|"type":"null"/g)).toBeNull();
});
