import { expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { list, request } from "../../../../src/api/wire/fields.ts";
import { toOpenApiSchema } from "../../../../src/http/docs/openapi-schema.ts";

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
    { anyOf: [{ type: "array" }, { type: "string" }, { type: "null" }] },
    { anyOf: [{ type: "array", nullable: true }, { type: "string" }] },
  ],
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
    { anyOf: [{ const: "a", type: "string" }, { type: "null" }] },
    { type: "string", enum: ["a", null], nullable: true },
  ],
  [
    { anyOf: [{ type: "boolean" }, { const: "a", type: "string" }] },
    { anyOf: [{ type: "boolean" }, { type: "string", enum: ["a"] }] },
  ],
  [{ items: { const: 1, type: "integer" } }, { items: { type: "integer", enum: [1] } }],
  [
    { type: "object", properties: { const: { const: "a" } }, additionalProperties: false },
    { type: "object", properties: { const: { enum: ["a"] } } },
  ],
  [
    { type: "object", additionalProperties: { const: "a" } },
    { type: "object", additionalProperties: { enum: ["a"] } },
  ],
])("%j", (schema, converted) => {
  expect(toOpenApiSchema(schema)).toEqual(converted);
});

/** As the Swagger plugin hands it on. */
const asJson = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema));

test("a request and its fields may be null, except those that it needs", () => {
  const fields = {
    model: Type.Optional(Type.String()),
    size: Type.Optional(Type.Integer()),
    any: Type.Optional(Type.Unknown()),
  };
  expect(toOpenApiSchema(asJson(request("Thing", "A thing.", fields, ["model"])))).toEqual({
    title: "Thing",
    description: "A thing.",
    type: "object",
    additionalProperties: true,
    required: ["model"],
    properties: { model: { type: "string" }, size: { type: "integer", nullable: true }, any: {} },
  });
});

test("that a model may be null is said where it may, and not of the model", () => {
  const Model = Type.Object({ size: Type.Integer() }, { title: "Model", description: "A model." });
  const onlyNull = { type: "object", nullable: true, enum: [null] };
  const model = { ...(asJson(Model) as object) };
  expect(toOpenApiSchema(asJson(Type.Union([Model, Type.Null()], { description: "Or none." })))).toEqual({
    description: "Or none.",
    anyOf: [{ ...model, description: "Or none." }, onlyNull],
  });
  expect(
    toOpenApiSchema(asJson(request("Thing", "A thing.", { model: Type.Optional(Model) }))),
  ).toMatchObject({
    properties: { model: { description: "A model.", anyOf: [model, onlyNull] } },
  });
});

test("null is refused where a field has to be there, and where it is no empty element", () => {
  const Item = Type.Object({ name: Type.String() }, { title: "Item", description: "An item." });
  const thing = request("Thing", "A thing.", {
    name: Type.String(),
    items: list(Item, "Items."),
    texts: list(Type.String(), "Texts."),
    either: list(Type.Union([Type.String(), Type.Integer()]), "Either."),
  });
  expect(toOpenApiSchema(asJson(thing))).toMatchObject({
    required: ["name"],
    properties: {
      name: { type: "string" },
      items: { type: "array", nullable: true, items: asJson(Item) },
      texts: { items: { type: "string", nullable: true } },
      either: { items: { anyOf: [{ type: "string" }, { type: "integer" }] } },
    },
  });
  const { nullable, properties } = toOpenApiSchema(asJson(thing)) as {
    nullable?: true;
    properties: Record<string, object>;
  };
  expect(nullable).toBeUndefined();
  expect(properties.name).not.toHaveProperty("nullable");
});
