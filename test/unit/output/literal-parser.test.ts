import { describe, expect, test } from "bun:test";
import { LiteralParser, parseObject } from "../../../src/output/literal-parser.ts";

test.each<[string, Record<string, unknown> | undefined]>([
  ['{"a": [1, -2.5e3, true, null]}', { a: [1, -2500, true, null] }],
  ["{'a': True, b: None, 'c': [False,],}", { a: true, b: null, c: [false] }],
  ['{"a": "two\nlines"}', { a: "two\nlines" }],
  ["{'a': 'it\\'s \\u00e9\\n'}", { a: "it's é\n" }],
  ["{}", {}],
  ["[1]", undefined],
  ["1", undefined],
  ["{", undefined],
  ['{"a"}', undefined],
  ['{"a": x}', undefined],
  ['{"a": 1} 2', undefined],
  ["{'a': '\\u12'}", undefined],
  ["{'a': 'x", undefined],
  ["", undefined],
  ["{a:".repeat(100_000), undefined],
  [`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, undefined],
])("object %#", (text, expected) => {
  expect(parseObject(text)).toEqual(expected);
});

test("a key that is a property of all objects is an ordinary key", () => {
  const value = parseObject("{'__proto__': {'a': 1}}");
  expect(Object.keys(value!)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

describe("calls", () => {
  test.each([
    ['f(1, b="x")', { name: "f", positional: [1], named: { b: "x" } }],
    ["a.b( )", { name: "a.b", positional: [], named: {} }],
    ["f(True, [x_1])", undefined],
    ["f(", undefined],
    ["f", undefined],
    ["(1)", undefined],
  ])("%s", (text, expected) => {
    const parser = new LiteralParser(text);
    if (expected === undefined) expect(() => parser.call()).toThrow();
    else expect(parser.call()).toEqual(expected);
  });
});
