import { expect, test } from "bun:test";
import { Kind, type TSchema, Type } from "@sinclair/typebox";
import { laterRoutes } from "../../src/http/routes/later.ts";
import { isRecord } from "../../src/lib/is-record.ts";
import { documentedDeps } from "../support/documented-routes.ts";
import { fakeApp } from "../support/fake-app.ts";

/** Most schemas of requests that let anything at all stand in a place. */
const MOST_UNKNOWN = 12;

const isSchema = (value: unknown): value is TSchema => isRecord(value) && Kind in value;

/**
 * A schema and all that it is made of, the insides of open JSON objects included. A part that several fields of a route share counts
 * once: `JSON_VALUE` is the one schema of what the client may write freely (arguments of a tool, a JSON Schema, metadata).
 */
function partsOf(value: unknown, seen = new Set<unknown>()): TSchema[] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const inner = Object.values(value).flatMap((each) => partsOf(each, seen));
  return isSchema(value) ? [value, ...inner] : inner;
}

const unknownsIn = (schemas: unknown): number =>
  partsOf(schemas).filter((schema) => schema[Kind] === "Unknown" || schema[Kind] === "Any").length;

/** Schemas of the bodies, paths and queries of every route. */
const requestSchemas = (): unknown[] =>
  [...fakeApp().app.routes, ...laterRoutes(documentedDeps()).routes].flatMap(({ hooks }) => {
    const { body, params, query } = hooks as Record<string, unknown>;
    return [body, params, query].filter(isSchema);
  });

test("request schemas say what may stand where, but for a few places", () => {
  const schemas = requestSchemas();
  expect(schemas.length).toBeGreaterThan(40);
  expect(partsOf(schemas).length).toBeGreaterThan(400);
  expect(unknownsIn(schemas)).toBeLessThanOrEqual(MOST_UNKNOWN);
});

test("a field that may be anything is found, however deep", () => {
  const open = Type.Record(Type.String(), Type.Unknown());
  const list = Type.Array(Type.Object({ data: Type.Optional(Type.Unknown()) }));
  expect(unknownsIn([Type.Object({ open, list: Type.Union([list, Type.String()]) })])).toBe(2);
});
