import type { SchemaCase } from "./case.ts";

const INTEGER = { type: "integer" };
const STRING = { type: "string" };
const NULL = { type: "null" };

export const COMBINED: readonly SchemaCase[] = [
  { name: "anyOf", schema: { anyOf: [STRING, INTEGER] }, valid: ["a", 1], invalid: [1.5, null] },
  {
    name: "optional value",
    schema: { type: "object", properties: { a: { anyOf: [STRING, NULL] } }, required: ["a"] },
    valid: [{ a: "x" }, { a: null }],
    invalid: [{}, { a: 1 }],
  },
  {
    name: "anyOf beside properties",
    schema: {
      type: "object",
      properties: { a: INTEGER, b: INTEGER },
      anyOf: [{ required: ["a"] }, { required: ["b"] }],
    },
    valid: [{ a: 1 }, { b: 1 }, { a: 1, b: 2 }],
    invalid: [{}],
  },
  {
    name: "anyOf under a type",
    schema: { type: "string", anyOf: [{ const: "a" }, { pattern: "^b+$" }, { const: 1 }] },
    valid: ["a", "bb"],
    invalid: [1, "ab"],
  },
  {
    name: "oneOf by kind",
    schema: { oneOf: [STRING, INTEGER, { type: "array", items: STRING }] },
    valid: ["a", 1, ["b"]],
    invalid: [null, [1]],
  },
  {
    name: "oneOf by const",
    schema: {
      oneOf: [
        {
          type: "object",
          properties: { kind: { const: "cat" }, lives: INTEGER },
          required: ["kind", "lives"],
        },
        { type: "object", properties: { kind: { const: "dog" }, breed: STRING }, required: ["kind"] },
      ],
    },
    valid: [{ kind: "cat", lives: 9 }, { kind: "dog" }, { kind: "dog", breed: "x" }],
    invalid: [{ kind: "cat" }, { kind: "cow" }],
  },
  {
    name: "oneOf by range",
    schema: {
      oneOf: [
        { type: "integer", maximum: 3 },
        { type: "integer", minimum: 10 },
      ],
    },
    valid: [3, 10, -5],
    invalid: [4, 9],
  },
  {
    name: "oneOf that may overlap",
    schema: {
      oneOf: [
        { type: "string", pattern: "^a" },
        { type: "string", pattern: "z$" },
      ],
    },
    valid: ["ab", "yz"],
    invalid: ["b"],
    warnings: 1,
  },
  {
    name: "allOf bounds",
    schema: { allOf: [{ type: "integer", minimum: 3 }, { maximum: 5 }] },
    valid: [3, 5],
    invalid: [2, 6, 3.5],
  },
  {
    name: "allOf objects",
    schema: {
      allOf: [
        { type: "object", properties: { a: INTEGER }, required: ["a"] },
        { type: "object", properties: { b: STRING }, required: ["b"] },
      ],
    },
    valid: [{ a: 1, b: "x" }],
    invalid: [{ a: 1 }, { b: "x" }],
  },
  {
    name: "allOf same property",
    schema: {
      allOf: [
        { type: "object", properties: { a: { type: "integer", minimum: 2 } }, required: ["a"] },
        { properties: { a: { maximum: 4 } } },
      ],
    },
    valid: [{ a: 2 }, { a: 4 }],
    invalid: [{ a: 1 }, { a: 5 }, {}],
  },
  {
    name: "allOf patterns",
    schema: { type: "string", allOf: [{ pattern: "^a" }, { pattern: "z$" }, { maxLength: 4 }] },
    valid: ["az", "abcz"],
    invalid: ["a", "z", "abcdz"],
  },
  {
    name: "allOf enums",
    schema: { allOf: [{ enum: ["a", "b", "c"] }, { enum: ["b", "c", "d"] }] },
    valid: ["b", "c"],
    invalid: ["a", "d"],
  },
  {
    name: "allOf of anyOfs",
    schema: { allOf: [{ anyOf: [STRING, INTEGER] }, { anyOf: [INTEGER, NULL] }] },
    valid: [1],
    invalid: ["a", null],
  },
  {
    name: "allOf with a closed part",
    schema: {
      allOf: [
        { type: "object", properties: { a: INTEGER, b: INTEGER } },
        { properties: { a: {} }, additionalProperties: false },
      ],
    },
    valid: [{}, { a: 1 }],
    invalid: [{ b: 1 }, { a: "x" }],
  },
  {
    name: "$ref",
    schema: {
      type: "object",
      properties: { from: { $ref: "#/$defs/point" }, to: { $ref: "#/$defs/point" } },
      required: ["from", "to"],
      $defs: { point: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 } },
    },
    valid: [{ from: [0, 0], to: [1, 2.5] }],
    invalid: [{ from: [0, 0] }, { from: [0], to: [1, 2] }],
  },
  {
    name: "$ref with siblings",
    schema: { $ref: "#/definitions/n", maximum: 10, definitions: { n: { type: "integer", minimum: 0 } } },
    valid: [0, 10],
    invalid: [-1, 11],
  },
  {
    name: "$ref with escapes",
    schema: { $ref: "#/$defs/a~1b%20c", $defs: { "a/b c": NULL } },
    valid: [null],
    invalid: [1],
  },
  {
    name: "linked list",
    schema: {
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: { value: INTEGER, next: { anyOf: [{ $ref: "#/$defs/node" }, NULL] } },
          required: ["value", "next"],
        },
      },
    },
    valid: [
      { value: 1, next: null },
      { value: 1, next: { value: 2, next: null } },
    ],
    invalid: [{ value: 1 }, { value: 1, next: 2 }],
  },
  {
    name: "tree",
    schema: {
      type: "object",
      properties: { name: STRING, children: { type: "array", items: { $ref: "#" } } },
      required: ["name"],
      additionalProperties: false,
    },
    valid: [{ name: "a" }, { name: "a", children: [{ name: "b", children: [] }] }],
    invalid: [{}, { name: "a", children: [{}] }],
  },
  {
    name: "recursion through allOf",
    schema: {
      $ref: "#/$defs/n",
      $defs: {
        n: {
          type: "object",
          properties: { v: INTEGER, n: { allOf: [{ $ref: "#/$defs/n" }, { required: ["v"] }] } },
        },
      },
    },
    valid: [{}, { v: 1 }, { n: { v: 1, n: { v: 2 } } }],
    invalid: [{ n: {} }, { n: { v: 1, n: {} } }],
  },
  {
    name: "mutual recursion",
    schema: {
      $ref: "#/$defs/a",
      $defs: {
        a: { type: "array", items: { $ref: "#/$defs/b" } },
        b: { type: "object", properties: { a: { $ref: "#/$defs/a" } }, required: ["a"] },
      },
    },
    valid: [[], [{ a: [] }, { a: [{ a: [] }] }]],
    invalid: [[1], [{}]],
  },
];
