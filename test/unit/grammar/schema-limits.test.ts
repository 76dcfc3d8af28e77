import { describe, expect, test } from "bun:test";
import { Gbnf } from "../../support/gbnf.ts";
import { schemaGrammar } from "../../support/schema-grammar.ts";

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const nested = (levels: number): unknown =>
  times(levels, (i) => i).reduce<unknown>((items) => ({ type: "array", items }), { type: "integer" });

const definitions = (count: number, make: (next: { $ref: string }) => unknown) => ({
  $ref: "#/$defs/d0",
  $defs: Object.fromEntries([
    ...times(count, (i) => [`d${i}`, make({ $ref: `#/$defs/d${i + 1}` })]),
    [`d${count}`, { type: "null" }],
  ]),
});

const properties = (count: number) => Object.fromEntries(times(count, (i) => [`p${i}`, { type: "integer" }]));

describe("hostile schemas are refused before they grow", () => {
  test.each<[string, unknown]>([
    ["deep nesting", nested(5000)],
    ["deep values", { const: JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`) }],
    ["a long chain of objects", definitions(2000, (next) => ({ type: "object", properties: { next } }))],
    [
      "too many combinations",
      { allOf: times(10, () => ({ anyOf: times(10, (i) => ({ required: [`a${i}`] })) })) },
    ],
    [
      "unions of unions of unions",
      definitions(60, (next) => ({
        anyOf: [{ anyOf: [next, { const: 1 }] }, { anyOf: [next, { const: 2 }] }],
      })),
    ],
    ["thousands of properties", { type: "object", properties: properties(3000) }],
    [
      "a count for each of many properties",
      { type: "object", properties: properties(400), minProperties: 100 },
    ],
    ["a huge minimum", { type: "string", minLength: 100_001 }],
    ["huge enums", { enum: times(5, (i) => `${i}`.repeat(50_000)) }],
    [
      "many large patterns",
      { anyOf: times(20, (i) => ({ type: "string", pattern: `^[a-z]{1,${2000 + i}}$` })) },
    ],
    [
      "many large objects",
      {
        type: "object",
        properties: Object.fromEntries(
          times(200, (i) => [
            `o${i}`,
            {
              type: "object",
              properties: { ...properties(400), [`x${i}`]: {} },
              required: Object.keys(properties(400)),
            },
          ]),
        ),
      },
    ],
  ])("%s", (_, schema) => {
    expect(() => schemaGrammar(schema)).toThrow("JSON Schema is too large: ");
  });

  test("doubling references stay small", () => {
    const { grammar } = schemaGrammar(definitions(60, (next) => ({ anyOf: [next, next] })));
    expect(grammar).toBe('root ::= "null"\n');
    expect(schemaGrammar(definitions(60, (next) => ({ allOf: [next, next] }))).grammar).toBe(grammar);
  });
});

describe("what is large but reasonable passes", () => {
  test.each<[string, unknown, string, string]>([
    ["enum of thousands", { enum: times(5000, (i) => `value ${i}`) }, '"value 4999"', '"value 5000"'],
    [
      "hundreds of optional properties",
      { properties: properties(500) },
      '{"p3":1,"p499":2}',
      '{"p3":1,"p2":2}',
    ],
    [
      "hundreds of required properties",
      { properties: properties(900), required: Object.keys(properties(900)) },
      JSON.stringify(Object.fromEntries(times(900, (i) => [`p${i}`, i]))),
      '{"p0":1}',
    ],
    ["deep nesting", nested(100), `${"[".repeat(100)}1${"]".repeat(100)}`, "[1]"],
    [
      "counts above llama.cpp's threshold",
      { type: "array", items: { type: "null" }, minItems: 2500, maxItems: 4500 },
      `[${times(4500, () => "null").join()}]`,
      `[${times(4501, () => "null").join()}]`,
    ],
  ])("%s", (_, schema, valid, invalid) => {
    const gbnf = new Gbnf(schemaGrammar(schema).grammar);
    expect(gbnf.matches(valid)).toBe(true);
    expect(gbnf.matches(invalid)).toBe(false);
  });

  test("an enum of thousands leaves no more paths than there are next characters", () => {
    const gbnf = new Gbnf(schemaGrammar({ enum: times(5000, (i) => `value ${i}`) }).grammar);
    expect(gbnf.ways('"value 12')).toBe(11);
    expect(gbnf.ways('"')).toBe(1);
  });

  test("a pattern leaves one path to follow, however ambiguous it is", () => {
    const gbnf = new Gbnf(schemaGrammar({ type: "string", pattern: "^(a|aa|a{1,9})*b?(x+x+)+y$" }).grammar);
    expect(gbnf.ways('"aaaaaaaaaaaaxxxxxxxx')).toBeLessThanOrEqual(3);
  });
});
