import { type AnyElysia, Elysia } from "elysia";
import type { Scope } from "../../access/scope.ts";
import { anthropicExamples } from "../../api/anthropic/examples.ts";
import { llameroExamples } from "../../api/llamero/examples.ts";
import { ollamaExamples } from "../../api/ollama/examples.ts";
import { openaiExamples } from "../../api/openai/examples.ts";
import type { ExampleBook, OperationExamples } from "../../api/wire/examples.ts";
import { defined } from "../../lib/defined.ts";
import { isRecord } from "../../lib/is-record.ts";
import { type Access, accessOf, SCOPE_OF } from "../access.ts";
import { INFO, REFUSED, SECURITY_SCHEMES, TAGS } from "./about.ts";
import { componentsOf, modelsOf, referring } from "./models.ts";
import { toOpenApiSchema } from "./openapi-schema.ts";

/** Examples of the operations of every dialect. */
export const allExamples: ExampleBook = {
  ...ollamaExamples,
  ...openaiExamples,
  ...anthropicExamples,
  ...llameroExamples,
};

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

/** Adds the door's possible replies to the route's. */
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

/** The header of replies that says which fields of the request were ignored, or how its prompt was shortened. */
const WARNING_HEADER = {
  Warning: {
    description: 'What was ignored or shortened (RFC 7234 §5.5): `199 - "…"`, separated by commas.',
    schema: { type: "string" },
  },
};

const withExamples = (body: unknown, examplesOf: (type: string) => unknown): Json => ({
  ...(isRecord(body) ? body : {}),
  content: mapMembers(isRecord(body) ? body.content : {}, (media, type) => ({
    ...(isRecord(media) ? media : {}),
    ...defined({ examples: examplesOf(type) }),
  })),
});

/** An operation with its examples, and the header of its replies where it reads something. */
function exemplified(operation: Json, { requests, replies = {} }: OperationExamples): Json {
  const responses = mapMembers(operation.responses, (response, status) => {
    if (!isRecord(response) || !status.startsWith("2")) return withReplies(response, status, replies);
    const { description, ...rest } = response;
    const warned = { description, ...(requests && { headers: WARNING_HEADER }), ...rest };
    return withReplies(warned, status, replies);
  });
  const body = requests && { requestBody: withExamples(operation.requestBody, () => requests) };
  return { ...operation, ...body, responses };
}

const withReplies = (
  response: unknown,
  status: string,
  replies: OperationExamples["replies"] = {},
): unknown =>
  isRecord(response) && isRecord(response.content)
    ? withExamples(response, (type) => replies[`${status} ${type}`])
    : response;

/** A parameter's example stands beside its schema. */
const parameterOf = (parameter: unknown): unknown => {
  if (!isRecord(parameter) || !isRecord(parameter.schema)) return parameter;
  const { example, ...schema } = parameter.schema;
  return { ...parameter, schema, ...defined({ example }) };
};

/** An open route requires no key, and the limits of keys count where a model works. */
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

/** A path as it is registered, from the path as OpenAPI writes it. */
const registered = (path: string): string => path.replace(/\{([^}]+)\}/g, ":$1");

/** One operation with additions that the plugin has no place for: its examples, its scope, the refusals of the door. */
function completed(described: Json, method: string, path: string): Json {
  const operation = exemplified(described, allExamples[String(described.operationId)] ?? {});
  const access = accessOf(method.toUpperCase(), registered(path)) ?? "local";
  const told = isRecord(operation.responses) ? operation.responses : {};
  const responses = withRefusal(keyRefusals(told, access));
  return {
    ...operation,
    ...(Array.isArray(operation.parameters) && { parameters: operation.parameters.map(parameterOf) }),
    ...securityOf(SCOPE_OF[access]),
    responses: method === "head" ? bodiless(responses) : responses,
  };
}

/**
 * The document as the plugin makes it, which some tools refuse.
 *
 * The plugin is imported here and not at the top: it brings a second documentation UI with it, megabytes of memory that a server
 * whose documentation nobody reads does not spend. For the same reason the models are registered here and not where the routes are:
 * Elysia copies every model that there is for each `use`.
 */
async function pluginDocument(routes: AnyElysia, version: string): Promise<Json> {
  const { swagger } = await import("@elysiajs/swagger");
  const documentation = { info: { ...INFO, version }, tags: TAGS, servers: [{ url: "/" }], security: [] };
  const app = new Elysia()
    .use(routes)
    .model(modelsOf(routes.routes))
    .use(swagger({ provider: "swagger-ui", path: "/swagger", specPath: JSON_PATH, documentation }));
  const reply = await app.handle(new Request(`http://localhost${JSON_PATH}`));
  const document: unknown = await reply.json();
  if (!isRecord(document)) throw new TypeError("no OpenAPI document");
  return document;
}

/** The OpenAPI 3.0 document of `routes`: paths and models in alphabetical order, fields as they are declared. */
export async function buildOpenApi(routes: AnyElysia, version: string): Promise<unknown> {
  const document = await pluginDocument(routes, version);
  const { schemas } = isRecord(document.components) ? document.components : {};
  const models = isRecord(schemas) ? schemas : {};
  const convert = (schema: unknown) => referring(toOpenApiSchema(schema), models);
  const paths = mapMembers(document.paths, (operations, path) => {
    const operationOf = (operation: unknown, method: string) =>
      mapSchemas(completed(isRecord(operation) ? operation : {}, method, path), convert);
    return sorted(mapMembers(operations, operationOf));
  });
  const components = { schemas: componentsOf(models), securitySchemes: SECURITY_SCHEMES };
  return { ...document, paths: sorted(paths), components };
}

/** The document as it is checked in and served. */
export const printOpenApi = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
