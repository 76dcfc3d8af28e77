import type { SchemaCase } from "./case.ts";

export const TYPES: readonly SchemaCase[] = [
  { name: "null", schema: { type: "null" }, valid: [null], invalid: [0, false, "null"] },
  { name: "boolean", schema: { type: "boolean" }, valid: [true, false], invalid: [0, "true", null] },
  {
    name: "string",
    schema: { type: "string" },
    valid: ["", "a", '"\\\n\u0001', "né 😀"],
    invalid: [1, null, ["a"]],
  },
  {
    name: "integer",
    schema: { type: "integer" },
    valid: [0, -1, 42, 999999999999999],
    invalid: [1.5, "1", null],
  },
  {
    name: "number",
    schema: { type: "number" },
    valid: [0, -0.5, 1e-7, 1e21, 123456.789],
    invalid: ["1", true],
  },
  {
    name: "object",
    schema: { type: "object" },
    valid: [{}, { a: [1, { b: null }] }],
    invalid: [[], 1, "{}"],
  },
  { name: "array", schema: { type: "array" }, valid: [[], [1, "a", null, [[]]]], invalid: [{}, 1, "[]"] },
  {
    name: "type list",
    schema: { type: ["string", "null", "integer"] },
    valid: ["a", null, 7],
    invalid: [1.5, true, []],
  },
  { name: "nullable", schema: { type: "string", nullable: true }, valid: ["a", null], invalid: [1, false] },
  { name: "anything", schema: {}, valid: [null, 1, "a", [1], { a: 1 }], invalid: [] },
  { name: "true", schema: true, valid: [null, { a: [] }], invalid: [] },
  {
    name: "enum of strings",
    schema: { enum: ["red", "green", "great"] },
    valid: ["red", "great"],
    invalid: ["gre", "blue", 1],
  },
  {
    name: "enum of all kinds",
    schema: { enum: [1, 12, "1", null, true, { a: 1 }, [2]] },
    valid: [1, 12, "1", null, true, { a: 1 }, [2]],
    invalid: [2, "12", {}, [1]],
  },
  {
    name: "enum under a type",
    schema: { type: "string", enum: ["a", 1, null] },
    valid: ["a"],
    invalid: [1, null, "b"],
  },
  {
    name: "enum under a length",
    schema: { enum: ["a", "bb", "ccc"], minLength: 2 },
    valid: ["bb", "ccc"],
    invalid: ["a"],
  },
  { name: "const string", schema: { const: 'say "hi"\n' }, valid: ['say "hi"\n'], invalid: ["say", 1] },
  {
    name: "const object",
    schema: { const: { a: [1, null], b: "x" } },
    valid: [{ a: [1, null], b: "x" }],
    invalid: [{}, { a: [1, null] }],
  },
  {
    name: "const and enum",
    schema: { const: "a", enum: ["a"], type: "string" },
    valid: ["a"],
    invalid: ["b"],
  },
];
