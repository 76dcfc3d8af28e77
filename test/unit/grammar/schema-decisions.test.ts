import { describe, expect, test } from "bun:test";
import { Gbnf } from "../../support/gbnf.ts";
import { schemaGrammar } from "../../support/schema-grammar.ts";
import { SCHEMA_CASES } from "../../support/schemas.ts";

const accepts = (schema: unknown, text: string): boolean =>
  new Gbnf(schemaGrammar(schema).grammar).matches(text);

const INTEGER = { type: "integer" };

/** Where JSON Schema allows more than a model should be given, or leaves a choice. */
describe("decisions", () => {
  test("an object that declares properties is closed unless it says otherwise", () => {
    const schema = { type: "object", properties: { a: INTEGER } };
    expect(accepts(schema, '{"a":1,"b":2}')).toBe(false);
    expect(accepts({ ...schema, additionalProperties: true }, '{"a":1,"b":2}')).toBe(true);
    expect(accepts({ type: "object" }, '{"b":2}')).toBe(true);
    expect(accepts({ type: "object", required: ["a"] }, '{"a":1,"b":2}')).toBe(true);
    expect(accepts({ ...schema, minProperties: 2 }, '{"a":1,"b":2}')).toBe(true);
  });

  test("a tuple is written in full and closed unless it says otherwise", () => {
    const schema = { type: "array", prefixItems: [INTEGER, INTEGER] };
    expect(accepts(schema, "[1,2]")).toBe(true);
    expect(accepts(schema, "[1]")).toBe(false);
    expect(accepts(schema, "[1,2,3]")).toBe(false);
    expect(accepts({ ...schema, minItems: 0 }, "[]")).toBe(true);
    expect(accepts({ ...schema, items: true }, '[1,2,"x"]')).toBe(true);
    expect(accepts({ ...schema, maxItems: 1 }, "[1]")).toBe(true);
  });

  test("properties come in declared order", () => {
    const schema = { properties: { b: INTEGER, a: INTEGER }, required: ["a", "b"] };
    expect(accepts(schema, '{"b":1,"a":2}')).toBe(true);
    expect(accepts(schema, '{"a":2,"b":1}')).toBe(false);
  });

  test("an escaped spelling cannot get round a declared name or a pattern", () => {
    const open = { properties: { ab: INTEGER }, additionalProperties: true };
    expect(accepts(open, '{"\\u0061c":"x"}')).toBe(false);
    expect(accepts(open, '{"\\u0061b":"x"}')).toBe(false);
    expect(accepts({ type: "string", pattern: "^[^A]*$" }, '"\\u0041"')).toBe(false);
    expect(accepts({ type: "string" }, '"\\u0041"')).toBe(true);
  });

  test("a character counts once, however it is spelled", () => {
    const one = { type: "string", minLength: 1, maxLength: 1 };
    for (const text of ['"a"', '"é"', '"😀"', '"\\n"', '"\\u0000"', '"\\ud83d\\ude00"', '"\\/"']) {
      expect(accepts(one, text), text).toBe(true);
    }
    for (const text of ['""', '"ab"', '"\\ud83d"', '"\\ude00"', '"\\ud83d\\u0041"']) {
      expect(accepts(one, text), text).toBe(false);
    }
  });

  test("without a type, the keywords tell the type", () => {
    expect(accepts({ minimum: 3 }, "4")).toBe(true);
    expect(accepts({ minimum: 3 }, '"x"')).toBe(false);
    expect(accepts({ pattern: "^a" }, '"ab"')).toBe(true);
    expect(accepts({ items: INTEGER }, "{}")).toBe(false);
    expect(accepts({ minLength: 1, minimum: 3 }, "3")).toBe(true);
    expect(accepts({ description: "anything" }, "[{}]")).toBe(true);
  });

  test("the exclusive flags of draft 4 are understood", () => {
    const schema = {
      type: "integer",
      minimum: 3,
      exclusiveMinimum: true,
      maximum: 9,
      exclusiveMaximum: false,
    };
    expect(["3", "4", "9", "10"].map((text) => accepts(schema, text))).toEqual([false, true, true, false]);
  });

  test("values of an enum are written in compact JSON", () => {
    expect(accepts({ const: { a: [1, 2] } }, '{"a":[1,2]}')).toBe(true);
    expect(accepts({ const: { a: [1, 2] } }, '{"a": [1, 2]}')).toBe(false);
  });

  test("the root may be of any type", () => {
    for (const text of ["null", "1", '"x"', "[]", "{}", "true"]) expect(accepts({}, text)).toBe(true);
  });

  const written = (schema: unknown) => /"(?:const|enum)":/.test(JSON.stringify(schema));
  test.each(SCHEMA_CASES.filter(({ schema }) => !written(schema)))(
    "indented JSON is accepted: $name",
    (given) => {
      const gbnf = new Gbnf(schemaGrammar(given.schema).grammar);
      for (const value of given.valid) expect(gbnf.matches(JSON.stringify(value, null, 2))).toBe(true);
    },
  );
});
