import { describe, expect, test } from "bun:test";
import { codePointCount, firstCodePoints } from "../../../src/lib/code-points.ts";

const TEXTS = ["", "a", "größer", "日本語", "a😀b", "😀😀", "\ud83d", "\ude00\ud83d", "e\u0301", "👩‍🚀!"];

describe("characters are counted like the elements of an array of them", () => {
  test.each(TEXTS)("%j", (text) => {
    expect(codePointCount(text)).toBe(Array.from(text).length);
    for (let count = 0; count < 6; count += 1) {
      expect(firstCodePoints(text, count)).toBe(Array.from(text).slice(0, count).join(""));
      expect(codePointCount(text, count)).toBe(Math.min(count, Array.from(text).length));
    }
  });
});
