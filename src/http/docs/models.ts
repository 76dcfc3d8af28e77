import { Kind, type TSchema } from "@sinclair/typebox";
import { isRecord } from "../../lib/is-record.ts";
import { modelName, toOpenApiSchema } from "./openapi-schema.ts";

/** A route, as Elysia lists it. */
interface Route {
  hooks: { body?: unknown; response?: unknown; detail?: { responses?: unknown } };
}

const asDescribed = (schema: unknown): unknown => toOpenApiSchema(JSON.parse(JSON.stringify(schema)));

/**
 * The named objects in the bodies and replies of routes, and within each other, for Elysia's `.model()`. They are copies, because
 * Elysia writes an `$id` on them.
 *
 * @throws Error when two different objects have the same name.
 */
export function modelsOf(routes: readonly Route[]): Record<string, TSchema> {
  const models = new Map<string, TSchema>();
  function add(name: string, schema: TSchema): void {
    const known = models.get(name);
    if (known === undefined) models.set(name, { ...schema });
    else if (!Bun.deepEquals(asDescribed(known), asDescribed(schema)))
      throw new Error(`two different schemas are called ${name}`);
  }
  function collect(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    const name = Kind in value ? modelName(value) : undefined;
    if (name !== undefined) add(name, value as TSchema);
    for (const member of Object.values(value)) collect(member);
  }
  for (const { hooks } of routes) collect([hooks.body, hooks.response, hooks.detail?.responses]);
  return Object.fromEntries(models);
}

/**
 * `schema` with references in place of the models in it, itself included.
 *
 * @param models by their names.
 */
export function referring(schema: unknown, models: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => referring(item, models));
  if (!isRecord(schema)) return schema;
  const name = modelName(schema);
  return name !== undefined && Object.hasOwn(models, name)
    ? { $ref: `#/components/schemas/${name}` }
    : membersReferring(schema, models);
}

const membersReferring = (schema: Record<string, unknown>, models: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, referring(value, models)]));

/** The models as the document has them: each once, with references to the others. */
export function componentsOf(models: Record<string, unknown>): Record<string, unknown> {
  const described = Object.entries(models).map(([name, model]): [string, unknown] => {
    const { title: _title, $id: _id, ...schema } = isRecord(model) ? model : {};
    return [name, referring(toOpenApiSchema(schema), models)];
  });
  // In alphabetical order, so that it does not matter which route comes first.
  return Object.fromEntries(described.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
