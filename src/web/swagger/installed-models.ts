import { isRecord } from "../../lib/is-record.ts";
import {
  type DocumentExample,
  mapMembers,
  mapOperations,
  type OpenApiDocument,
  type Operation,
  withParagraph,
} from "./document.ts";

/** A model of /api/tags. */
export interface InstalledModel {
  name: string;
  capabilities?: readonly string[];
}

/** Routes whose `model` is one to come or to go: only the field named here is of a model that is there. */
const SOURCES: Record<string, string | undefined> = {
  "/api/copy": "source",
  "/api/create": "from",
  "/api/delete": undefined,
  "/api/pull": undefined,
  "/api/push": undefined,
};

/** Capabilities that a model must have for a route, the best first; any other route takes a model that writes, or else any. */
const CAPABILITIES: Record<string, readonly string[]> = {
  "/api/embed": ["embedding", "completion"],
  "/api/embeddings": ["embedding", "completion"],
  "/v1/embeddings": ["embedding", "completion"],
  "/api/rerank": ["rerank"],
  "/v1/rerank": ["rerank"],
  "/v1/audio/transcriptions": ["audio"],
};
const WRITING = ["completion"];
/** Routes that every model serves. */
const ANY_MODEL = ["/api/show", "/api/settings", "/api/tokenize", "/api/detokenize", "/v1/models/{model}"];

/** Further capabilities that a model needs for a body, such as `tools`. */
const extras = (body: Record<string, unknown>): string[] =>
  [body.tools && "tools", body.suffix && "insert", body.think && "thinking", body.images && "vision"].filter(
    (capability) => typeof capability === "string",
  );

const isNamed = (model: InstalledModel, name: unknown): boolean =>
  model.name === name || model.name === `${name}:latest`;

/** The model that an example names if it is there, else the first that can do what is asked. */
function choose(
  models: readonly InstalledModel[],
  { path, named, also = [] }: { path: string; named: unknown; also?: readonly string[] },
): string | undefined {
  const ways = CAPABILITIES[path] ?? WRITING;
  const isAble = (way: string) => (model: InstalledModel) =>
    [way, ...also].every((capability) => model.capabilities?.includes(capability));
  const able = ways.flatMap((way) => models.filter(isAble(way)));
  const fitting = ANY_MODEL.includes(path) || path in SOURCES ? [...able, ...models] : able;
  return (fitting.find((model) => isNamed(model, named)) ?? fitting[0])?.name;
}

/** An example with an installed model, and the capability that no installed model has, if so. */
function fill(example: DocumentExample, path: string, models: readonly InstalledModel[]) {
  const { value } = example;
  const field = path in SOURCES ? SOURCES[path] : "model";
  if (field === undefined || !isRecord(value) || typeof value[field] !== "string") return { example };
  const also = extras(value);
  const name = choose(models, { path, named: value[field], also });
  if (name === undefined) return { example, missing: also[0] ?? (CAPABILITIES[path] ?? WRITING)[0] };
  return { example: { ...example, value: { ...value, [field]: name } } };
}

function fillOperation(
  operation: Operation,
  path: string,
  models: readonly InstalledModel[],
): { operation: Operation; missing: Set<string> } {
  const missing = new Set<string>();
  const filled = (example: DocumentExample): DocumentExample => {
    const result = fill(example, path, models);
    if (result.missing !== undefined) missing.add(result.missing);
    return result.example;
  };
  const content = mapMembers(operation.requestBody?.content ?? {}, (media) => ({
    ...media,
    ...(media.examples && { examples: mapMembers(media.examples, filled) }),
  }));
  const parameters = operation.parameters?.map((parameter) =>
    parameter.name === "model"
      ? { ...parameter, example: choose(models, { path, named: parameter.example }) }
      : parameter,
  );
  return {
    operation: {
      ...operation,
      ...(operation.requestBody && { requestBody: { ...operation.requestBody, content } }),
      ...(parameters && { parameters }),
    },
    missing,
  };
}

const NONE_INSTALLED =
  "**No model is installed yet**, so the examples would find none: start with [POST /api/pull](#/models/pullModel).";

/**
 * The document with examples that work on this server: they name models that are installed. Where none can do what an
 * example asks for, the operation says so.
 *
 * @param models as /api/tags lists them, the latest first.
 */
export function withInstalledModels(
  document: OpenApiDocument,
  models: readonly InstalledModel[],
): OpenApiDocument {
  if (models.length === 0) {
    return {
      ...document,
      info: { ...document.info, description: `${NONE_INSTALLED}\n\n${document.info.description}` },
    };
  }
  return mapOperations(document, (described, path) => {
    const { operation, missing } = fillOperation(described, path, models);
    if (missing.size === 0) return operation;
    const capabilities = [...missing].map((capability) => `\`${capability}\``).join(" or ");
    return withParagraph(
      operation,
      `**No installed model has the capability ${capabilities}**: an example that needs it names a model that is not here.`,
    );
  });
}
