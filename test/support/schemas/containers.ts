import type { SchemaCase } from "./case.ts";

const INTEGER = { type: "integer" };
const STRING = { type: "string" };

export const OBJECTS: readonly SchemaCase[] = [
  {
    name: "all required",
    schema: { type: "object", properties: { a: INTEGER, b: STRING }, required: ["a", "b"] },
    valid: [{ a: 1, b: "x" }],
    invalid: [{}, { a: 1 }, { a: "1", b: "x" }],
  },
  {
    name: "all optional",
    schema: { type: "object", properties: { a: INTEGER, b: INTEGER, c: INTEGER } },
    valid: [{}, { a: 1 }, { b: 1 }, { c: 1 }, { a: 1, c: 2 }, { a: 1, b: 2, c: 3 }],
    invalid: [{ a: "x" }],
  },
  {
    name: "required between optional",
    schema: {
      type: "object",
      properties: { a: INTEGER, b: INTEGER, c: INTEGER, d: INTEGER },
      required: ["b", "d"],
    },
    valid: [
      { b: 1, d: 2 },
      { a: 1, b: 2, c: 3, d: 4 },
      { a: 0, b: 1, d: 2 },
    ],
    invalid: [{ a: 1 }, { b: 1 }, { d: 1 }],
  },
  {
    name: "typeless object",
    schema: { properties: { a: INTEGER }, required: ["a"] },
    valid: [{ a: 1 }],
    invalid: [{}, { a: "x" }],
  },
  {
    name: "closed",
    schema: { type: "object", properties: { a: INTEGER }, additionalProperties: false },
    valid: [{}, { a: 1 }],
    invalid: [{ b: 1 }, { a: 1, b: 1 }],
  },
  {
    name: "empty object",
    schema: { type: "object", additionalProperties: false },
    valid: [{}],
    invalid: [{ a: 1 }],
  },
  {
    name: "open",
    schema: {
      type: "object",
      properties: { a: INTEGER, ab: INTEGER },
      required: ["a"],
      additionalProperties: true,
    },
    valid: [{ a: 1 }, { a: 1, ab: 2, b: "x", "": [], abc: 1, '"': 0 }],
    invalid: [{}, { a: "x" }, { a: 1, ab: "x" }],
  },
  {
    name: "map",
    schema: { type: "object", additionalProperties: INTEGER },
    valid: [{}, { x: 1, "y z": 2 }],
    invalid: [{ x: "1" }],
  },
  {
    name: "map beside properties",
    schema: { type: "object", properties: { id: STRING }, required: ["id"], additionalProperties: INTEGER },
    valid: [{ id: "a" }, { id: "a", n: 1, idx: 2 }],
    invalid: [{ id: 1 }, { id: "a", n: "b" }],
  },
  {
    name: "map of at least one",
    schema: { type: "object", additionalProperties: INTEGER, minProperties: 1, maxProperties: 2 },
    valid: [{ a: 1 }, { a: 1, b: 2 }],
    invalid: [{}, { a: 1, b: 2, c: 3 }],
  },
  {
    name: "minProperties",
    schema: { type: "object", properties: { a: INTEGER, b: INTEGER, c: INTEGER }, minProperties: 2 },
    valid: [
      { a: 1, b: 2 },
      { b: 1, c: 2 },
      { a: 1, b: 2, c: 3 },
    ],
    invalid: [{}, { a: 1 }, { c: 1 }],
  },
  {
    name: "maxProperties",
    schema: {
      type: "object",
      properties: { a: INTEGER, b: INTEGER, c: INTEGER },
      required: ["c"],
      maxProperties: 2,
    },
    valid: [{ c: 1 }, { a: 1, c: 2 }, { b: 1, c: 2 }],
    invalid: [{}, { a: 1, b: 2 }, { a: 1, b: 2, c: 3 }],
  },
  {
    name: "names in a pattern",
    schema: { type: "object", propertyNames: { pattern: "^[a-z]+$" }, additionalProperties: INTEGER },
    valid: [{}, { ab: 1 }],
    invalid: [{ A: 1 }, { a1: 1 }],
  },
  {
    name: "names in a list",
    schema: { type: "object", propertyNames: { enum: ["x", "y"] }, additionalProperties: STRING },
    valid: [{ x: "1" }, { x: "", y: "" }],
    invalid: [{ z: "" }, { x: 1 }],
  },
  {
    name: "names that are strings",
    schema: { type: "object", propertyNames: { type: "string" }, additionalProperties: STRING },
    valid: [{ "a b": "1" }],
    invalid: [{ a: 1 }],
  },
  {
    name: "required but not declared",
    schema: { type: "object", properties: { a: INTEGER }, required: ["a", "b"] },
    valid: [{ a: 1, b: [null] }],
    invalid: [{ a: 1 }, { b: 1 }],
  },
  {
    name: "odd names",
    schema: {
      type: "object",
      properties: { 'a"b': INTEGER, "c\\d": INTEGER, "é\n": INTEGER },
      required: ['a"b', "c\\d", "é\n"],
    },
    valid: [{ 'a"b': 1, "c\\d": 2, "é\n": 3 }],
    invalid: [{ 'a"b': 1 }],
  },
  {
    name: "forbidden property",
    schema: { type: "object", properties: { a: INTEGER, b: false } },
    valid: [{}, { a: 1 }],
    invalid: [{ b: 1 }],
  },
  {
    name: "nested",
    schema: {
      type: "object",
      properties: {
        a: {
          type: "object",
          properties: { b: { type: "object", properties: { c: INTEGER }, required: ["c"] } },
          required: ["b"],
        },
      },
      required: ["a"],
    },
    valid: [{ a: { b: { c: 1 } } }],
    invalid: [{ a: {} }, { a: { b: {} } }],
  },
];

export const ARRAYS: readonly SchemaCase[] = [
  {
    name: "items",
    schema: { type: "array", items: INTEGER },
    valid: [[], [1], [1, 2, 3]],
    invalid: [["a"], [1, null]],
  },
  {
    name: "minItems",
    schema: { type: "array", items: INTEGER, minItems: 2 },
    valid: [
      [1, 2],
      [1, 2, 3],
    ],
    invalid: [[], [1]],
  },
  {
    name: "maxItems",
    schema: { type: "array", items: INTEGER, maxItems: 2 },
    valid: [[], [1], [1, 2]],
    invalid: [[1, 2, 3]],
  },
  {
    name: "exactly three",
    schema: { type: "array", items: { type: "boolean" }, minItems: 3, maxItems: 3 },
    valid: [[true, false, true]],
    invalid: [
      [true, false],
      [true, true, true, true],
    ],
  },
  { name: "no items", schema: { type: "array", maxItems: 0 }, valid: [[]], invalid: [[1]] },
  { name: "no item fits", schema: { type: "array", items: false }, valid: [[]], invalid: [[1]] },
  { name: "any items", schema: { type: "array", minItems: 1 }, valid: [[1], ["a", {}]], invalid: [[]] },
  {
    name: "tuple",
    schema: { type: "array", prefixItems: [STRING, INTEGER], items: false },
    valid: [["a", 1]],
    invalid: [
      [1, "a"],
      ["a", 1, 2],
    ],
  },
  {
    name: "tuple with more",
    schema: { type: "array", prefixItems: [STRING], items: INTEGER, maxItems: 3 },
    valid: [["a"], ["a", 1, 2]],
    invalid: [
      ["a", "b"],
      ["a", 1, 2, 3],
    ],
  },
  {
    name: "tuple with a minimum",
    schema: { type: "array", prefixItems: [STRING, INTEGER, STRING], items: false, minItems: 1 },
    valid: [["a"], ["a", 1], ["a", 1, "b"]],
    invalid: [[], ["a", "b"]],
  },
  {
    name: "tuple of draft 7",
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "array",
      items: [STRING, INTEGER],
      additionalItems: false,
    },
    valid: [["a", 1]],
    invalid: [
      ["a", "b"],
      ["a", 1, 2],
    ],
  },
  {
    name: "longer than its prefix",
    schema: { type: "array", prefixItems: [STRING], minItems: 3, maxItems: 3 },
    valid: [["a", 1, null]],
    invalid: [["a"], ["a", 1]],
  },
  {
    name: "matrix",
    schema: {
      type: "array",
      items: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
      minItems: 1,
    },
    valid: [
      [[1, 2.5]],
      [
        [0, 0],
        [1, 1],
      ],
    ],
    invalid: [[], [[1]], [[1, 2, 3]]],
  },
  {
    name: "uniqueItems",
    schema: { type: "array", items: INTEGER, uniqueItems: true },
    valid: [[1, 2]],
    invalid: [["a"]],
    warnings: 1,
  },
];
