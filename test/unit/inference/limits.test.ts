import { expect, test } from "bun:test";
import { endsOf, MOST_AT_ONCE } from "../../../src/inference/limits.ts";

const vocabulary = { longestToken: 16 };

test("a text that may fit, or is soon tokenised, stays whole", () => {
  const text = "x".repeat(2 * MOST_AT_ONCE);
  expect(endsOf(text, 10, vocabulary)).toEqual({ head: text });
  const large = "x".repeat(4 * MOST_AT_ONCE);
  expect(endsOf(large, MOST_AT_ONCE / 8, vocabulary)).toEqual({ head: large });
  expect(endsOf(large, Number.POSITIVE_INFINITY, vocabulary)).toEqual({ head: large });
});

test("of a longer one both ends are left, as long as the limit can hold", () => {
  const text = `a${"x".repeat(40 * MOST_AT_ONCE)}z`;
  const { head, tail = "" } = endsOf(text, 100_000, vocabulary);
  expect([head.length, head[0], tail.length, tail.at(-1)]).toEqual([1_600_000, "a", 1_600_000, "z"]);
});

test("half a character at a cut is no character that the client sent", () => {
  const { head, tail = "" } = endsOf(`x${"😀".repeat(3 * MOST_AT_ONCE)}x`, 10, vocabulary);
  expect([head.isWellFormed(), tail.isWellFormed()]).toEqual([true, true]);
});
