import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { layoutOf, offsetInRow } from "../../../../../src/cli/repl/editor/layout.ts";

const shape = { prompt: ">>> ", continuation: "... ", columns: 12 };
const at = (text: string, cursor = text.length) => layoutOf({ ...shape, text, cursor });

describe("layoutOf", () => {
  test.each<[string, string, string[], number, number]>([
    ["short", "abc", [">>> abc"], 0, 7],
    ["a full row: the cursor is on the next", "abcdefgh", [">>> abcdefgh", "... "], 1, 4],
    ["wrapped", "abcdefghij", [">>> abcdefgh", "... ij"], 1, 6],
    ["line breaks", "a\n\nb", [">>> a", "... ", "... b"], 2, 5],
    ["wide characters are not cut in half", "日本語日本", [">>> 日本語日", "... 本"], 1, 6],
    ["a family is one character", "👨‍👩‍👧x", [">>> 👨‍👩‍👧x"], 0, 7],
    ["a tab", "a\tb", [">>> a   b"], 0, 9],
  ])("%s", (_, text, rows, row, column) => {
    expect(at(text)).toEqual({ rows, row, column });
  });

  test("a cursor in the middle", () => {
    expect(at("abcdefghij", 9)).toMatchObject({ row: 1, column: 5 });
    expect(at("a\nb", 1)).toMatchObject({ row: 0, column: 5 });
  });

  test("no row is wider than the terminal, and nothing is lost", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", "日", "é", "👍🏽") });
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 30 }), (value, columns) => {
        const { rows, row, column } = layoutOf({ ...shape, text: value, cursor: value.length, columns });
        expect(rows.filter((each) => Bun.stringWidth(each) > columns)).toEqual([]);
        expect(rows.map((each) => each.slice(4)).join("")).toBe(value.replaceAll("\n", ""));
        expect(row).toBe(rows.length - 1);
        expect(column).toBeLessThan(columns);
      }),
    );
  });

  test("the placeholder does not move the cursor, and is cut", () => {
    expect(layoutOf({ ...shape, text: "", cursor: 0, placeholder: "Send a message" })).toEqual({
      rows: [">>> Send a "],
      row: 0,
      column: 4,
    });
  });
});

describe("offsetInRow", () => {
  const move = (text: string, cursor: number, by: -1 | 1) => offsetInRow({ ...shape, text, cursor }, by);

  test("keeps the column as far as it can", () => {
    expect(move("abcd\nx\nabcd", 3, 1)).toBe(6);
    expect(move("abcd\nx\nabcd", 9, -1)).toBe(6);
    expect(move("abcdefghij", 9, -1)).toBe(1);
  });

  test("beyond the first and the last row there is nothing", () => {
    expect(move("abc", 1, -1)).toBeUndefined();
    expect(move("a\nb", 3, 1)).toBeUndefined();
  });
});
