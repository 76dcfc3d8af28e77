import { expect, test } from "bun:test";
import fc from "fast-check";
import type { CompletionInput } from "../../../src/intent/generate.ts";
import { fitGap, needsFimTokens } from "../../../src/prompt/fim.ts";

const input = (given: Partial<CompletionInput>): CompletionInput => ({
  type: "completion",
  prompt: "P",
  raw: false,
  images: [],
  ...given,
});

test.each<[string, string | undefined, Partial<CompletionInput>, boolean]>([
  ["a suffix without a TEMPLATE", undefined, { suffix: "S" }, true],
  ["a suffix and a TEMPLATE without a place for it", "{{ .Prompt }}", { suffix: "S" }, true],
  ["a TEMPLATE with one", "<P>{{ .Prompt }}<S>{{ .Suffix }}<M>", { suffix: "S" }, false],
  ["the request's own template", undefined, { suffix: "S", template: "{{ .Prompt }}" }, false],
  ["raw", undefined, { suffix: "S", raw: true }, false],
  ["no suffix", undefined, {}, false],
  ["an empty one", undefined, { suffix: "" }, false],
])("%s", (_, template, given, expected) => {
  expect(needsFimTokens({ ...(template !== undefined && { template }) }, input(given))).toBe(expected);
});

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test.each<[number, number, number, number[], number[]]>([
  [3, 2, 5, [0, 1, 2], [0, 1]],
  [10, 10, 8, [4, 5, 6, 7, 8, 9], [0, 1]],
  [2, 10, 8, [0, 1], [0, 1, 2, 3, 4, 5]],
  [10, 1, 8, [3, 4, 5, 6, 7, 8, 9], [0]],
  [10, 10, 0, [], []],
])("%d before and %d after the gap in %d places", (before, after, room, prefix, suffix) => {
  expect(fitGap({ prefix: range(before), suffix: range(after) }, room)).toEqual({ prefix, suffix });
});

test("no place is left unused, and what is near the gap stays", () => {
  const size = fc.integer({ min: 0, max: 50 });
  const property = fc.property(size, size, size, (before, after, room) => {
    const { prefix, suffix } = fitGap({ prefix: range(before), suffix: range(after) }, room);
    expect(prefix.length + suffix.length).toBe(Math.min(room, before + after));
    expect(prefix).toEqual(range(before).slice(before - prefix.length));
    expect(suffix).toEqual(range(after).slice(0, suffix.length));
  });
  fc.assert(property);
});
