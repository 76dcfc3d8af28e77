import { expect, test } from "bun:test";
import fc from "fast-check";
import { JsonLines } from "../../../src/lib/json-lines.ts";

test("values come whole and in order, wherever their bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.json()),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (texts, cuts) => {
        const bytes = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(""));
        const lines = new JsonLines();
        const values: unknown[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = cuts[turn % cuts.length]!;
          values.push(...lines.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(values).toEqual(texts.map((text): unknown => JSON.parse(text)));
      },
    ),
  );
});

test("a line that has not ended is not a value yet", () => {
  const lines = new JsonLines();
  expect(lines.push(new TextEncoder().encode('"a"\n"b"'))).toEqual(["a"]);
  expect(lines.push(new TextEncoder().encode("\n"))).toEqual(["b"]);
});

test("what is no JSON throws", () => {
  expect(() => new JsonLines().push(new TextEncoder().encode("no\n"))).toThrow(SyntaxError);
});
