import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Key, KeyParser } from "../../../../../src/cli/repl/editor/keys.ts";

const parse = (...chunks: string[]): Key[] => {
  const parser = new KeyParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};
const typed = (text: string): Key => ({ text, pasted: false });

describe("keys", () => {
  test.each<[string, Key]>([
    ["\r", { name: "enter" }],
    ["\n", { name: "ctrl-j" }],
    ["\x01", { name: "ctrl-a" }],
    ["\x7f", { name: "backspace" }],
    ["\x1b[D", { name: "left" }],
    ["\x1bOD", { name: "left" }],
    ["\x1b[1;5C", { name: "ctrl-right" }],
    ["\x1b[3~", { name: "delete" }],
    ["\x1b[1~", { name: "home" }],
    ["\x1bb", { name: "alt-b" }],
    ["\x1b\x7f", { name: "alt-backspace" }],
    ["\x1b\r", { name: "alt-enter" }],
    ["héllo 日本 👍🏽", typed("héllo 日本 👍🏽")],
    ["\x1b[200~a\r\nb\x1b[31mc\x1b[201~", { text: "a\nb[31mc", pasted: true }],
  ])("%j", (input, key) => {
    expect(parse(input)).toEqual([key]);
  });

  test("what is no key of ours is passed over", () => {
    expect(parse("a\x1b[99~b\x1b[Ic")).toEqual([typed("a"), typed("b"), typed("c")]);
  });

  test("wherever a sequence is cut, the keys are the same", () => {
    const input = "ab\x1b[1;5Cc\x1b[200~x\ny\x1b[201~\x1bf\x1b[D\r";
    fc.assert(
      fc.property(fc.integer({ min: 1, max: input.length - 1 }), (at) => {
        const joined = (keys: Key[]) => JSON.stringify(keys).replaceAll('"},{"text":"', "");
        expect(parse(input.slice(0, at), input.slice(at)).filter((key) => "name" in key)).toEqual(
          parse(input).filter((key) => "name" in key),
        );
        expect(joined(parse(input.slice(0, at), input.slice(at)))).toContain("x\\ny");
      }),
    );
  });

  test("Escape alone is waited for, then a key; what was cut off is forgotten", () => {
    const parser = new KeyParser();
    expect(parser.push("\x1b")).toEqual([]);
    expect(parser.waits).toBe(true);
    expect(parser.giveUp()).toEqual([{ name: "escape" }]);
    expect(parser.push("\x1b[1;")).toEqual([]);
    expect(parser.giveUp()).toEqual([]);
    expect(parser.push("b")).toEqual([typed("b")]);
  });
});
