import { type AnyElysia, Elysia } from "elysia";
import { toOpenApiSchema } from "./openapi-schema.ts";

const JSON_PATH = "/openapi.json";

const TAGS = [
  { name: "answer", description: "Text from a model." },
  { name: "embed", description: "Vectors from a model." },
  { name: "models", description: "Installed and loaded models." },
  { name: "blobs", description: "Files that models are created from." },
  { name: "server", description: "The server itself." },
];

const ERROR_RESPONSE = {
  description: "What went wrong.",
  content: {
    "application/json": {
      schema: { type: "object", properties: { error: { type: "string" } }, required: ["error"] },
    },
  },
};

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Object keys in alphabetical order, so that the document is the same whatever the order of the routes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** The media types of a reply: a route that takes `stream` also answers with one object a line. */
function contentOf(content: unknown, streams: boolean): Json {
  const json = isRecord(content) ? content["application/json"] : undefined;
  if (json === undefined) return {};
  return { content: { "application/json": json, ...(streams && { "application/x-ndjson": json }) } };
}

const takesStream = ({ requestBody }: Json): boolean =>
  JSON.stringify(requestBody ?? {}).includes('"stream":');

/** One operation with what the plugin leaves out: a description of every reply, and the error envelope. */
function completed(operation: Json): Json {
  const responses = isRecord(operation.responses) ? operation.responses : {};
  const reply = isRecord(responses["200"]) ? responses["200"] : {};
  const success = { description: "Success.", ...contentOf(reply.content, takesStream(operation)) };
  return { ...operation, responses: { "200": success, default: ERROR_RESPONSE } };
}

/**
 * The document as the plugin makes it, which some tools refuse.
 *
 * The plugin is imported here and not at the top: it brings a second documentation UI with it, megabytes of memory that a server
 * whose documentation nobody reads does not spend.
 */
async function pluginDocument(routes: AnyElysia, version: string): Promise<Json> {
  const { swagger } = await import("@elysiajs/swagger");
  const info = { title: "llamero", description: "A local LLM server, wire-compatible with Ollama.", version };
  const documentation = { info, tags: TAGS, servers: [{ url: "/" }] };
  const app = new Elysia()
    .use(routes)
    .use(swagger({ provider: "swagger-ui", path: "/swagger", specPath: JSON_PATH, documentation }));
  const reply = await app.handle(new Request(`http://localhost${JSON_PATH}`));
  const document: unknown = await reply.json();
  if (!isRecord(document)) throw new TypeError("no OpenAPI document");
  return document;
}

const mapMembers = (value: unknown, map: (member: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(isRecord(value) ? value : {}).map(([key, member]) => [key, map(member)]));

/** The OpenAPI 3.0 document of `routes`, keys in alphabetical order. */
export async function buildOpenApi(routes: AnyElysia, version: string): Promise<unknown> {
  const document = await pluginDocument(routes, version);
  const paths = mapMembers(document.paths, (operations) =>
    mapMembers(operations, (operation) => completed(isRecord(operation) ? operation : {})),
  );
  return sorted(toOpenApiSchema({ ...document, paths }));
}

/** The document as it is checked in and served. */
export const printOpenApi = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
