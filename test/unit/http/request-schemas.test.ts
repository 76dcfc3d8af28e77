import { describe, expect, test } from "bun:test";
import { Kind, type TSchema } from "@sinclair/typebox";
import { documentedRoutes } from "../../support/documented-routes.ts";
import { sources } from "../architecture/sources.ts";

interface Hooks {
  body?: TSchema;
  params?: TSchema;
  query?: TSchema;
}

const routes = documentedRoutes().routes.map(({ method, path, hooks }) => ({
  name: `${method} ${path}`,
  path,
  hooks: hooks as Hooks,
}));

/** Every schema in a schema, with where it is. Values of maps are left out: a JSON Schema may have any. */
function* schemasIn(schema: unknown, where: string): Generator<[string, TSchema]> {
  if (typeof schema !== "object" || schema === null) return;
  if (Kind in schema) yield [where, schema as TSchema];
  for (const [key, value] of Object.entries(schema)) {
    if (key !== "patternProperties") yield* schemasIn(value, `${where}.${key}`);
  }
}

/** What a decision is about may be any JSON, which the model reads; and one field of OpenAI's is accepted without a look. */
const ANY_JSON = /\.state\.anyOf\.2\.items$|\.properties\.data$|\.prompt_cache_options$/;
const TAKES_ANY_JSON = ["POST /v1/systemone", "POST /v1/decisions"];

const bodies = routes.flatMap(({ name, hooks }) => (hooks.body ? [[name, hooks.body] as const] : []));

describe("the body of a request", () => {
  test.each(bodies)("%s: no field may be anything, and none is described by another schema", (name, body) => {
    const all = [...schemasIn(body, "body")];
    expect(all.length).toBeGreaterThan(1);
    const anything = all.filter(([, schema]) => schema[Kind] === "Unknown" || schema[Kind] === "Any");
    const allowed = TAKES_ANY_JSON.includes(name) ? ANY_JSON : /(?!)/;
    expect(anything.filter(([where]) => !allowed.test(where))).toEqual([]);
    const keywords = new Set(
      all.flatMap(([, schema]) => Object.keys(schema)).filter((key) => key.startsWith("x-")),
    );
    expect([...keywords].filter((key) => key !== "x-request" && key !== "x-null-elements")).toEqual([]);
  });

  test.each(bodies)("%s: whatever is refused, the whole body is not printed", (_, body) => {
    const silent = [...schemasIn(body, "body")].filter(([, schema]) => typeof schema.error !== "function");
    expect(silent.map(([where]) => where)).toEqual([]);
  });
});

test("every path with a parameter has a schema for it", () => {
  const open = routes.filter(({ path, hooks }) => path.includes(":") && hooks.params === undefined);
  expect(open.map(({ name }) => name)).toEqual([]);
});

test("what takes any JSON is a handful: values of JSON Schemas and the like, and what a decision is about", () => {
  const written = sources()
    .filter(({ path }) => path.startsWith("src/api/"))
    .flatMap(({ path, text }) => (text.match(/Type\.(Unknown|Any)\(/g) ?? []).map(() => path));
  expect(written.length).toBeGreaterThan(0);
  expect(written.length).toBeLessThanOrEqual(12);
});

test("no schema of the document stands in for one that validates", () => {
  const marks = /x-documented-as|\b(checked|refused|documentedAs)\(/;
  const files = sources().filter(({ path, text }) => /^src\/(api|http)\//.test(path) && marks.test(text));
  expect(files.map(({ path }) => path)).toEqual([]);
});
