import { expect, test } from "bun:test";
import { typedValue } from "../../../src/output/typed-value.ts";

test.each<[string, unknown, unknown]>([
  ["\nx\n", { type: "string" }, "x"],
  ["\n\nx\n\n", { type: "string" }, "\nx\n"],
  ["12", undefined, "12"],
  ["12", {}, "12"],
  ["NULL", { type: "integer" }, null],
  ["True", { type: "boolean" }, true],
  ["maybe", { type: "boolean" }, false],
  ["maybe", { type: ["boolean", "string"] }, "maybe"],
  ["2.0", { type: "integer" }, 2],
  ["2.5", { type: "integer" }, "2.5"],
  ["2.5", { type: "number" }, 2.5],
  ["", { type: "number" }, ""],
  ["[1]", { type: "array" }, [1]],
  ['{"a": 1}', { type: "object" }, { a: 1 }],
  ["[1]", { type: "object" }, "[1]"],
  ["3", { anyOf: [{ type: "string" }, { type: "integer" }] }, 3],
])("%j by %j", (text, schema, expected) => {
  expect(typedValue(text, schema)).toEqual(expected);
});
