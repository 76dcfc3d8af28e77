import { describe, expect, test } from "bun:test";
import * as edit from "../../../../../src/cli/repl/editor/edit-buffer.ts";

/** `|` is the cursor. */
function buffer(text: string): edit.EditBuffer {
  return { text: text.replace("|", ""), cursor: text.indexOf("|") };
}
const shown = ({ text, cursor }: edit.EditBuffer): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe("moving", () => {
  test.each<[string, (buffer: edit.EditBuffer) => edit.EditBuffer, string]>([
    ["a👨‍👩‍👧|b", edit.left, "a|👨‍👩‍👧b"],
    ["a|é́b", edit.right, "aé́|b"],
    ["|a", edit.left, "|a"],
    ["one two  |x", edit.wordLeft, "one |two  x"],
    ["one|  two x", edit.wordRight, "one  two| x"],
    ["a\nbc|d\ne", edit.lineStart, "a\n|bcd\ne"],
    ["a\nbc|d\ne", edit.lineEnd, "a\nbcd|\ne"],
  ])("%s", (before, move, after) => {
    expect(shown(move(buffer(before)))).toBe(after);
  });
});

describe("cutting", () => {
  test.each<[string, (buffer: edit.EditBuffer) => edit.Cut, string, string]>([
    ["a👍🏽|", edit.backspace, "a|", "👍🏽"],
    ["|", edit.backspace, "|", ""],
    ["a|👍🏽b", edit.deleteForward, "a|b", "👍🏽"],
    ["one two |three", edit.deleteWordLeft, "one |three", "two "],
    ["one |two three", edit.deleteWordRight, "one | three", "two"],
    ["a\nbc|d", edit.deleteToLineStart, "a\n|d", "bc"],
    ["a|bc\nd", edit.deleteToLineEnd, "a|\nd", "bc"],
    ["a|\nd", edit.deleteToLineEnd, "a|d", "\n"],
  ])("%s", (before, cut, after, removed) => {
    const result = cut(buffer(before));
    expect([shown(result.buffer), result.removed]).toEqual([after, removed]);
  });
});
