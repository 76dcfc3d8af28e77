import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Gbnf } from "../../support/gbnf.ts";
import { seededRandom } from "../../support/random.ts";
import { jsonGrammar } from "../../support/schema-grammar.ts";

const gbnf = new Gbnf(jsonGrammar());

describe("jsonGrammar", () => {
  test.each([
    "{}",
    "{ }",
    '{"a":1}',
    '{ "a": [1, "x", null, true, {"b": {}}] }',
    '{\n  "a": 1,\n  "b": [\n    -0.5e-7\n  ]\n}',
    '{\n\t"a": 1\n}',
    '{"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9":"é😀"}',
    '{"pair":"\\ud83d\\uDE00"}',
    '{"n":[0,-1,10,1.5,1E5,2e+9,123456789012345678901]}',
  ])("accepts %s", (text) => {
    expect(gbnf.matches(text)).toBe(true);
  });

  test.each([
    ["", "nothing"],
    ["[]", "no object"],
    ['"a"', "no object"],
    ['{"a":1', "unfinished"],
    ['{"a":1,}', "trailing comma"],
    ["{a:1}", "bare name"],
    ['{"a":01}', "leading zero"],
    ['{"a":.5}', "no digit before the point"],
    ['{"a":1.}', "no digit after the point"],
    ['{"a":+1}', "sign"],
    ['{"a":NaN}', "no JSON number"],
    ['{"a":"\n"}', "raw line break"],
    ['{"a":"\\x41"}', "unknown escape"],
    ['{"a":"\\ud83d"}', "lone surrogate"],
    ['{"a":"\\ud83d\\ud83d"}', "two high surrogates"],
    ["{  }", "two blanks"],
    [`{\n${" ".repeat(21)}}`, "endless indentation"],
    ["{\n\n}", "two line breaks"],
    ["{} ", "blank at the end"],
    [" {}", "blank at the beginning"],
    ['{"a":1e100}', "may be no finite double"],
    [`{"a":0.${"3".repeat(23)}}`, "endless digits"],
  ])("refuses %j: %s", (text) => {
    expect(gbnf.matches(text)).toBe(false);
  });

  test("accepts what JSON.stringify writes, compact and indented", () => {
    const object = fc
      .dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" }), {
        noNullPrototype: true,
      })
      .filter((value) => !/\de[+-]\d{3}/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        expect(gbnf.matches(JSON.stringify(value, null, indent))).toBe(true);
      }),
    );
  });

  test("accepts only JSON objects with finite numbers", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const value: unknown = JSON.parse(gbnf.sample(seededRandom(seed), 200));
        expect(value).toBeObject();
        expect(JSON.stringify(value)).not.toContain("Infinity");
      }),
    );
  });

  test("follows few paths at once, whatever comes", () => {
    const text = '{"name":"Jane","list":[1,2.5,{"a":"b"}],"more":null}';
    for (let length = 0; length <= text.length; length++) {
      expect(gbnf.ways(text.slice(0, length))).toBeLessThanOrEqual(12);
    }
  });
});
