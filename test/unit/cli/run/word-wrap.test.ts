import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { WordWrap } from "../../../../src/cli/run/word-wrap.ts";

/** What a terminal shows after this output: enough of one to follow the cursor back within a line. */
function screen(output: string): string[] {
  const lines = [""];
  let column = 0;
  for (const [, back, clear, char = ""] of output.matchAll(/\x1b\[(\d+)D|(\x1b\[K)|([^\x1b])/gu)) {
    const line = lines.at(-1) ?? "";
    if (back !== undefined) column -= Number(back);
    else if (clear !== undefined) lines[lines.length - 1] = line.slice(0, column);
    else if (char === "\n") column = lines.push("") * 0;
    else {
      lines[lines.length - 1] = line.slice(0, column) + char;
      column += char.length;
    }
  }
  return lines;
}

function wrapped(columns: number, ...pieces: string[]): string[] {
  const wrap = new WordWrap(() => columns);
  return screen(pieces.map((piece) => wrap.push(piece)).join(""));
}

describe("WordWrap", () => {
  test.each([
    ["fits", ["short"], ["short"]],
    ["breaks at the blank", ["aaaa bbbb cccc dddd"], ["aaaa bbbb cccc ", "dddd"]],
    ["moves a word that began on the line", ["aaaa bbbb cc", "ccccc"], ["aaaa bbbb ", "ccccccc"]],
    ["starts anew after a newline", ["aaaa bbbb\ncccc dddd eeee"], ["aaaa bbbb", "cccc dddd eeee"]],
    ["cuts a word longer than the line", ["a".repeat(20)], ["a".repeat(15), "aaaaa"]],
    ["breaks between wide characters", ["日本語日本語日本語日本語"], ["日本語日本語日", "本語日本語"]],
  ])("%s", (_, pieces, lines) => {
    expect(wrapped(20, ...pieces)).toEqual(lines);
  });

  test("follows a terminal that changes its width", () => {
    let columns = 40;
    const wrap = new WordWrap(() => columns);
    const wide = wrap.push("aaaa bbbb cccc ");
    columns = 20;
    expect(screen(wide + wrap.push("dddd eeee ffff gggg"))).toEqual([
      "aaaa bbbb cccc ",
      "dddd eeee ffff ",
      "gggg",
    ]);
  });

  test("leaves a very narrow terminal alone", () => {
    expect(new WordWrap(() => 9).push("aaaa bbbb cccc")).toBe("aaaa bbbb cccc");
  });

  test("no line is too long, no word is lost or cut unless it must be", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.nat(7), (words, cut) => {
        const text = words.join(" ");
        const pieces = text.match(new RegExp(`[^]{1,${cut + 1}}`, "g")) ?? [];
        const lines = wrapped(20, ...pieces);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(15);
        expect(lines.join(" ").split(/ +/).filter(Boolean)).toEqual(words);
      }),
    );
  });
});
