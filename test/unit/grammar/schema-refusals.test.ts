import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import { schemaGrammar } from "../../support/schema-grammar.ts";

function refusal(schema: unknown): string {
  try {
    schemaGrammar(schema);
  } catch (error) {
    if (error instanceof AppError && error.status === 400) return error.message;
    throw error;
  }
  return "accepted";
}

const within = (schema: unknown) => ({ type: "object", properties: { "a/b": schema } });

describe("keywords that cannot be enforced are refused by name and place", () => {
  test.each<[string, unknown]>([
    ["not", { type: "string" }],
    ["if", { type: "string" }],
    ["then", { type: "string" }],
    ["else", { type: "string" }],
    ["contains", { type: "string" }],
    ["minContains", 1],
    ["maxContains", 1],
    ["patternProperties", { "^a": {} }],
    ["dependencies", { a: ["b"] }],
    ["dependentRequired", { a: ["b"] }],
    ["dependentSchemas", { a: {} }],
    ["unevaluatedProperties", false],
    ["unevaluatedItems", false],
    ["$dynamicRef", "#x"],
    ["$recursiveRef", "#"],
  ])("%s", (keyword, value) => {
    expect(refusal({ [keyword]: value })).toBe(`unsupported JSON Schema keyword "${keyword}" at #`);
    expect(refusal(within({ [keyword]: value }))).toBe(
      `unsupported JSON Schema keyword "${keyword}" at #/properties/a~1b`,
    );
  });

  test("beside a reference as well", () => {
    expect(refusal({ $ref: "#/$defs/a", not: {}, $defs: { a: {} } })).toContain('"not" at #');
  });

  test.each([
    { unevaluatedProperties: true },
    { unevaluatedItems: true },
    { patternProperties: {} },
    { dependentRequired: {} },
  ])("%j constrains nothing and passes", (schema) => {
    expect(schemaGrammar(schema).warnings).toEqual([]);
  });
});

describe("patterns that cannot be expressed are refused with the construct's name", () => {
  test.each([
    ["^(?=a)b$", "lookahead"],
    ["(?!a)b", "lookahead"],
    ["(?<=a)b", "lookbehind"],
    ["(?<!a)b", "lookbehind"],
    ["(a)\\1", "back reference \\1"],
    ["\\bword\\b", "word boundary \\b"],
    ["\\p{L}", "Unicode property \\p"],
    ["a.{40}b.{40}", "a pattern with so many states"],
    ["^a{100000}$", "a pattern with so many states"],
    [`^${"(".repeat(70)}a${")".repeat(70)}$`, "groups nested deeper than 64"],
  ])("%s", (pattern, construct) => {
    expect(refusal({ type: "string", pattern })).toBe(
      `unsupported JSON Schema keyword "pattern" at #: ${construct} cannot be expressed in a grammar`,
    );
  });

  test.each(["(", ")", "[a", "a**", "*", "[b-a]", "a{2,1}", "\\", "(?P<x>a)"])(
    "%s is no regular expression",
    (pattern) => {
      expect(refusal({ pattern })).toStartWith(
        'invalid JSON Schema at #: "pattern" is not a regular expression: ',
      );
    },
  );
});

describe("invalid schemas", () => {
  test.each<[unknown, string]>([
    [null, "at #: a schema must be an object or a boolean"],
    ["string", "at #: a schema must be an object or a boolean"],
    [{ properties: { a: 1 } }, "at #/properties/a: a schema must be an object or a boolean"],
    [{ type: "text" }, 'at #: unknown "type" "text"'],
    [{ type: "constructor" }, 'at #: unknown "type" "constructor"'],
    [{ type: [] }, 'at #: "type" must not be empty'],
    [{ enum: [] }, 'at #: "enum" must be a non-empty array'],
    [{ anyOf: [] }, 'at #: "anyOf" must be a non-empty array'],
    [{ oneOf: {} }, 'at #: "oneOf" must be a non-empty array'],
    [{ minLength: -1 }, 'at #: "minLength" must be a non-negative integer'],
    [{ maxItems: 1.5 }, 'at #: "maxItems" must be a non-negative integer'],
    [{ minimum: "1" }, 'at #: "minimum" must be a finite number'],
    [{ multipleOf: 0 }, 'at #: "multipleOf" must be more than 0'],
    [{ required: "a" }, 'at #: "required" must be an array of strings'],
    [{ properties: [] }, 'at #: "properties" must be an object'],
    [{ pattern: 1 }, 'at #: "pattern" must be a string'],
    [{ uniqueItems: 1 }, 'at #: "uniqueItems" must be a boolean'],
    [{ $ref: 1 }, 'at #: "$ref" must be a string'],
    [{ $ref: "#/$defs/a" }, 'at #: "$ref" "#/$defs/a" leads nowhere'],
    [{ $ref: "#/constructor" }, 'at #: "$ref" "#/constructor" leads nowhere'],
    [{ $ref: "#/%" }, 'at #: "$ref" "#/%" is not a valid URI fragment'],
    [{ $ref: "#" }, "at #: it refers to itself without any value in between"],
    [{ anyOf: [{ $ref: "#" }, { type: "null" }] }, "at #: it refers to itself without any value in between"],
    [{ allOf: [{ $ref: "#" }, { type: "null" }] }, "at #: it refers to itself without any value in between"],
    [
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      "at #/$defs/a: it refers to itself without any value in between",
    ],
  ])("%j", (schema, message) => {
    expect(refusal(schema)).toBe(`invalid JSON Schema ${message}`);
  });

  test("references to elsewhere", () => {
    expect(refusal({ $ref: "https://example.com/a.json" })).toBe(
      'unsupported JSON Schema keyword "$ref" at #: "https://example.com/a.json" is not a JSON pointer within this schema',
    );
    expect(refusal({ $ref: "#anchor" })).toContain('keyword "$ref"');
  });
});

describe("schemas that no value fulfils", () => {
  test.each<unknown>([
    false,
    { type: "integer", minimum: 5, maximum: 4 },
    { type: "integer", minimum: 1.2, maximum: 1.8 },
    { type: "number", exclusiveMinimum: 1, maximum: 1 },
    { type: "string", minLength: 3, maxLength: 2 },
    { allOf: [{ type: "string" }, { type: "integer" }] },
    { type: "string", allOf: [{ pattern: "^a" }, { pattern: "^b" }] },
    { enum: [1, 2], type: "string" },
    { allOf: [{ const: 1 }, { const: 2 }] },
    { type: "object", properties: { a: false }, required: ["a"] },
    { type: "object", additionalProperties: false, required: ["a"] },
    { type: "object", properties: { a: {} }, additionalProperties: false, minProperties: 2 },
    { type: "object", required: ["a", "b"], maxProperties: 1 },
    { type: "array", prefixItems: [{}], items: false, minItems: 2 },
    { type: "array", items: false, minItems: 1 },
    { anyOf: [false, { allOf: [{ type: "null" }, { type: "boolean" }] }] },
  ])("%j", (schema) => {
    expect(refusal(schema)).toBe("JSON Schema cannot be satisfied: no value fulfils all of its constraints");
  });

  test("a value that would have to contain itself", () => {
    expect(refusal({ type: "object", properties: { next: { $ref: "#" } }, required: ["next"] })).toStartWith(
      "JSON Schema cannot be satisfied: ",
    );
  });
});

describe("what is not enforced is said", () => {
  test.each<[unknown, string]>([
    [{ type: "string", format: "color" }, '"format" "color" at # is not enforced'],
    [{ type: "array", uniqueItems: true }, '"uniqueItems" at # is not enforced'],
    [{ type: "integer", multipleOf: 3 }, '"multipleOf" at # is not enforced'],
    [{ type: "string", maxLength: 2147483647 }, '"maxLength" at # is more than 100000 and is not enforced'],
    [{ type: "string", maxlength: 3 }, 'unknown JSON Schema keyword "maxlength" at # is ignored'],
    [{ nullable: true }, '"nullable" at # has no effect without "type"'],
    [
      { type: "string", format: "uri", maxLength: 2083 },
      '"maxLength" beside "format" at # makes the grammar too large and is not enforced',
    ],
    [
      { type: "object", minProperties: 2 },
      '"minProperties" at # counts a property twice if the model repeats its name',
    ],
  ])("%j", (schema, warning) => {
    expect(schemaGrammar(schema).warnings).toEqual([warning]);
  });

  test("annotations and extensions are no news", () => {
    const annotations = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "https://example.com/a",
      $comment: "x",
      title: "x",
      description: "x",
      default: 1,
      examples: [1],
      deprecated: true,
      readOnly: true,
      writeOnly: false,
      "x-order": 1,
    };
    expect(schemaGrammar({ ...annotations, type: "integer" })).toEqual(schemaGrammar({ type: "integer" }));
  });

  test("once, however often the place is used", () => {
    const shared = { type: "string", format: "color" };
    const schema = {
      anyOf: [{ $ref: "#/$defs/c" }, { type: "array", items: { $ref: "#/$defs/c" } }],
      $defs: { c: shared },
    };
    expect(schemaGrammar(schema).warnings).toHaveLength(1);
  });
});
