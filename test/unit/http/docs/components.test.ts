import { expect, test } from "bun:test";
import { Components } from "../../../../src/http/docs/components.ts";

const leaf = { title: "Leaf", type: "object", properties: { size: { type: "integer" } } };
const tree = { title: "Tree", type: "object", properties: { leaves: { type: "array", items: leaf } } };

test("an object with a title is described once, wherever it occurs", () => {
  const components = new Components();
  expect(components.refer({ anyOf: [tree, leaf] })).toEqual({
    anyOf: [{ $ref: "#/components/schemas/Tree" }, { $ref: "#/components/schemas/Leaf" }],
  });
  expect(components.schemas).toEqual({
    Leaf: { type: "object", properties: { size: { type: "integer" } } },
    Tree: {
      type: "object",
      properties: { leaves: { type: "array", items: { $ref: "#/components/schemas/Leaf" } } },
    },
  });
  expect(Object.keys(components.schemas)).toEqual(["Leaf", "Tree"]);
});

test("a field that is called title is no title", () => {
  const components = new Components();
  const book = { type: "object", properties: { title: { type: "string" } } };
  expect(components.refer(book)).toEqual(book);
  expect(components.schemas).toEqual({});
});

test("what is no object stays where it is", () => {
  const text = { type: "string", title: "Name" };
  expect(new Components().refer(text)).toEqual(text);
});

test("two objects of one name", () => {
  const components = new Components();
  components.refer(leaf);
  expect(() => components.refer({ ...leaf, description: "Another." })).toThrow(
    "two different schemas are called Leaf",
  );
});
