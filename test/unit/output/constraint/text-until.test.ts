import { expect, test } from "bun:test";
import fc from "fast-check";
import { RuleBook } from "../../../../src/grammar/rule-book.ts";
import { textUntil } from "../../../../src/output/constraint/text-until.ts";
import { Gbnf } from "../../../support/gbnf.ts";

function grammarOf(tag: string): Gbnf {
  const book = new RuleBook();
  return new Gbnf(book.print(textUntil(book, tag)));
}

test.each(["</think>", "aab", "aaaa", "abab", "x", "<｜e｜>", "\n</a>\n"])(
  "any text up to the first %j, and the tag",
  (tag) => {
    const grammar = grammarOf(tag);
    const characters = fc.constantFrom(...new Set(tag), "z", "\n", "é");
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), (letters) => {
        const text = letters.join("") + tag;
        expect(grammar.matches(text)).toBe(text.indexOf(tag) === text.length - tag.length);
        expect(grammar.matches(text.slice(0, -1))).toBe(
          text.slice(0, -1).endsWith(tag) && text.indexOf(tag) === text.length - 1 - tag.length,
        );
      }),
    );
  },
);

test("llama.cpp follows one path", () => {
  const grammar = grammarOf("</think>");
  for (const text of ["", "a", "<", "</think", "a".repeat(500)]) expect(grammar.ways(text)).toBeLessThan(4);
});
