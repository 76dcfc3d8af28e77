import { expect, test } from "bun:test";
import { parseFirstJson } from "../../../../src/api/wire/parse-json.ts";

const parse = (text: string): unknown => parseFirstJson(new TextEncoder().encode(text));

test("trailing bytes are ignored, the last of two equal keys counts", () => {
  expect(parse('{"a":1,"a":2} garbage')).toEqual({ a: 2 });
  expect(parse("null")).toBeNull();
  expect(parse('"é" x')).toBe("é");
});

test.each(["", " \t\r\n"])("an empty body (%j) is missing", (text) => {
  expect(() => parse(text)).toThrow("missing request body");
});

test("nesting beyond Go's limit is refused, nesting below it is read", () => {
  expect(parse("[".repeat(5000) + "]".repeat(5000))).toBeArray();
  expect(() => parse("[".repeat(20_000) + "]".repeat(20_000))).toThrow("exceeded max depth");
  expect(parse(`[${"[],".repeat(20_000)}[]]`)).toHaveLength(20_001);
});
