import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cutPoint } from "../../../../native/runner/cut-point.ts";

/** Words with the space before them, like GPT's vocabularies; a run of blanks but its last is one token. */
const byWords = (text: string): string[] => text.match(/\s+(?=\s)|\s?[^\s<]{1,5}|<[^>]*>|\s|</gu) ?? [];
/** The same behind a space that it puts in front of every text, like SentencePiece. */
const withSpace = (text: string): string[] => (text === "" ? [] : byWords(` ${text}`));

/** Numbers that stand for token texts. */
const numbered = (split: (text: string) => string[]) => {
  const ids = new Map<string, number>();
  return (text: string) => split(text).map((token) => ids.getOrInsert(token, ids.size));
};

function inPieces(text: string, size: number, tokenize: (text: string) => number[]): number[] {
  const tokens: number[] = [];
  for (let at = 0; at < text.length; ) {
    const { end, next } = cutPoint(text, at, at + size, tokenize);
    tokens.push(...tokenize(text.slice(at, end)));
    at = next;
  }
  return tokens;
}

const word = fc.stringMatching(/^[a-zé€😀]{1,12}$/u);
const blank = fc.constantFrom(" ", " ", "  ", "\n", "\n\n", " \t ", "<|im_end|>");
const text = fc
  .array(fc.tuple(word, blank), { minLength: 1, maxLength: 400 })
  .map((pairs) => pairs.flat().join(""));

describe("a text in pieces has the tokens of the whole", () => {
  test.each([
    ["words", byWords],
    ["words behind a space", withSpace],
  ])("with a vocabulary of %s", (_, split) => {
    const tokenize = numbered(split);
    fc.assert(
      fc.property(text, fc.integer({ min: 50, max: 700 }), (whole, size) => {
        expect(inPieces(whole, size, tokenize)).toEqual(tokenize(whole));
      }),
    );
  });

  test("where no word ends", () => {
    const tokenize = numbered(byWords);
    const whole = "a".repeat(20_000);
    expect(inPieces(whole, 1000, tokenize)).toEqual(tokenize(whole));
  });

  test("a character of two units is never split", () => {
    const tokenize = numbered((part) => Array.from(part));
    const whole = "😀".repeat(3000);
    expect(inPieces(whole, 1001, tokenize)).toEqual(tokenize(whole));
  });
});
