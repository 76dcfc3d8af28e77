import { expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { componentsOf, modelsOf, referring } from "../../../../src/http/docs/models.ts";

const Leaf = Type.Object({ size: Type.Integer() }, { title: "Leaf" });
const Tree = Type.Object({ leaves: Type.Array(Leaf), first: Type.Optional(Leaf) }, { title: "Tree" });

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));
const routeOf = (body: unknown, response?: unknown) => ({ hooks: { body, response } });

test("the models of routes are their named objects and those within them, whatever has been made of these", () => {
  const optional = Type.Optional(Type.Array(Tree));
  const models = modelsOf([routeOf(Type.Object({ optional })), routeOf(undefined, { 200: Leaf })]);
  expect(Object.keys(models).toSorted()).toEqual(["Leaf", "Tree"]);
});

test("replies that only the description of a route has are looked at", () => {
  const responses = {
    200: { content: { "text/event-stream": { schema: Type.Union([Leaf, Type.Null()]) } } },
  };
  expect(Object.keys(modelsOf([{ hooks: { detail: { responses } } }]))).toEqual(["Leaf"]);
});

test("the schemas of routes stay as they are when Elysia writes on the models", () => {
  const models = modelsOf([routeOf(Leaf)]);
  models.Leaf!.$id = "x";
  expect(Leaf).not.toHaveProperty("$id");
});

test("a model is described once, wherever it occurs", () => {
  const models = asJson(modelsOf([routeOf(Tree)]));
  expect(referring({ anyOf: [asJson(Tree), asJson(Leaf)] }, models)).toEqual({
    anyOf: [{ $ref: "#/components/schemas/Tree" }, { $ref: "#/components/schemas/Leaf" }],
  });
  const leaf = { $ref: "#/components/schemas/Leaf" };
  expect(componentsOf(models)).toEqual({
    Leaf: { type: "object", required: ["size"], properties: { size: { type: "integer" } } },
    Tree: {
      type: "object",
      required: ["leaves"],
      properties: { leaves: { type: "array", items: leaf }, first: leaf },
    },
  });
  expect(Object.keys(componentsOf(models))).toEqual(["Leaf", "Tree"]);
});

test("a field that is called title is no title, and what is no object has no name", () => {
  const Book = Type.Object({ title: Type.String({ title: "Name" }) });
  expect(modelsOf([routeOf(Book)])).toEqual({});
  expect(referring(asJson(Book), {})).toEqual(asJson(Book));
});

test("two objects of one name", () => {
  const other = Type.Object({ size: Type.String() }, { title: "Leaf" });
  expect(() => modelsOf([routeOf(Tree), routeOf(other)])).toThrow("two different schemas are called Leaf");
});
