import { type AnyElysia, Elysia } from "elysia";
import type { Scope } from "../../access/scope.ts";
import { REQUEST_EXAMPLES } from "../../api/wire/describe-route.ts";
import { isRecord } from "../../lib/is-record.ts";
import { type Access, accessOf, SCOPE_OF } from "../access.ts";
import { INFO, REFUSED, SECURITY_SCHEMES, TAGS } from "./about.ts";
import { Components } from "./components.ts";
import { toOpenApiSchema } from "./openapi-schema.ts";

const JSON_PATH = "/openapi.json";

type Json = Record<string, unknown>;

const mapMembers = (value: unknown, map: (member: unknown, key: string) => unknown): Json =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).map(([key, member]) => [key, map(member, key)]),
  );

/** Keys in alphabetical order, so that the document is the same whatever the order of the routes. */
const sorted = (value: Json): Json =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Applies `convert` to every schema in an operation. Examples are data, whatever they look like. */
function mapSchemas(value: unknown, convert: (schema: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapSchemas(item, convert));
  if (!isRecord(value)) return value;
  return mapMembers(value, (member, key) => {
    if (key === "example" || key === "examples") return member;
    return key === "schema" ? convert(member) : mapSchemas(member, convert);
  });
}

/** Adds what the door may answer to what the route may. */
function withRefusal(responses: Json): Json {
  const own = responses["403"];
  if (!isRecord(own) || !isRecord(own.content)) return { ...responses, "403": REFUSED };
  const description = `${own.description} Or: ${REFUSED.description}`;
  return { ...responses, "403": { ...own, description, content: { ...own.content, ...REFUSED.content } } };
}

/** A reply to HEAD has no body, whatever its status. */
const bodiless = (responses: Json): Json =>
  mapMembers(responses, (response) => {
    const { content, ...rest } = isRecord(response) ? response : {};
    return rest;
  });

const withExamples = (body: unknown, examples: unknown): Json => ({
  ...(isRecord(body) ? body : {}),
  content: mapMembers(isRecord(body) ? body.content : {}, (media) => ({
    ...(isRecord(media) ? media : {}),
    examples,
  })),
});

/** A parameter's example stands beside its schema. */
const parameterOf = (parameter: unknown): unknown => {
  if (!isRecord(parameter) || !isRecord(parameter.schema)) return parameter;
  const { example, ...schema } = parameter.schema;
  return { ...parameter, schema, ...(example !== undefined && { example }) };
};

/** A route that is open asks for no key, and the limits of keys are for what puts a model to work. */
function keyRefusals(responses: Json, access: Access): Json {
  const absent = access === "open" ? ["401", "403", "429"] : access === "infer" ? [] : ["429"];
  return Object.fromEntries(Object.entries(responses).filter(([status]) => !absent.includes(status)));
}

/** The scope of an operation, and the ways to send a key; none for a route that is for everybody. */
function securityOf(scope: Scope | undefined): Json {
  return scope === undefined
    ? { security: [] }
    : { security: Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: [] })), "x-scope": scope };
}

/** Paths as they are registered, of paths as OpenAPI writes them. */
const registered = (path: string): string => path.replace(/\{([^}]+)\}/g, ":$1");

/** One operation with what the plugin has no place for: examples of the body, the scope that it takes, the refusals of the door. */
function completed({ [REQUEST_EXAMPLES]: examples, ...operation }: Json, method: string, path: string): Json {
  const access = accessOf(method.toUpperCase(), registered(path)) ?? "local";
  const described = isRecord(operation.responses) ? operation.responses : {};
  const responses = withRefusal(keyRefusals(described, access));
  return {
    ...operation,
    ...(examples !== undefined && { requestBody: withExamples(operation.requestBody, examples) }),
    ...(Array.isArray(operation.parameters) && { parameters: operation.parameters.map(parameterOf) }),
    ...securityOf(SCOPE_OF[access]),
    responses: method === "head" ? bodiless(responses) : responses,
  };
}

/**
 * The document as the plugin makes it, which some tools refuse.
 *
 * The plugin is imported here and not at the top: it brings a second documentation UI with it, megabytes of memory that a server
 * whose documentation nobody reads does not spend.
 */
async function pluginDocument(routes: AnyElysia, version: string): Promise<Json> {
  const { swagger } = await import("@elysiajs/swagger");
  const documentation = { info: { ...INFO, version }, tags: TAGS, servers: [{ url: "/" }], security: [] };
  const app = new Elysia()
    .use(routes)
    .use(swagger({ provider: "swagger-ui", path: "/swagger", specPath: JSON_PATH, documentation }));
  const reply = await app.handle(new Request(`http://localhost${JSON_PATH}`));
  const document: unknown = await reply.json();
  if (!isRecord(document)) throw new TypeError("no OpenAPI document");
  return document;
}

/** The OpenAPI 3.0 document of `routes`: paths and named schemas in alphabetical order, fields as they are declared. */
export async function buildOpenApi(routes: AnyElysia, version: string): Promise<unknown> {
  const document = await pluginDocument(routes, version);
  const components = new Components();
  const convert = (schema: unknown) => components.refer(toOpenApiSchema(schema));
  const paths = mapMembers(document.paths, (operations, path) => {
    const operationOf = (operation: unknown, method: string) =>
      mapSchemas(completed(isRecord(operation) ? operation : {}, method, path), convert);
    return sorted(mapMembers(operations, operationOf));
  });
  const described = { schemas: components.schemas, securitySchemes: SECURITY_SCHEMES };
  return { ...document, paths: sorted(paths), components: described };
}

/** The document as it is checked in and served. */
export const printOpenApi = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
