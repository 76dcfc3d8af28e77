import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { charactersOf, complement, includes, intersect, union } from "../../../src/grammar/code-points.ts";
import {
  charSet,
  choice,
  EMPTY_TEXT,
  literal,
  optional,
  printExpr,
  reference,
  sequence,
} from "../../../src/grammar/gbnf.ts";
import { RuleBook } from "../../../src/grammar/rule-book.ts";
import { Gbnf } from "../../support/gbnf.ts";

describe("GBNF text", () => {
  test.each([
    [literal('say "\\"\n\té😀\0'), '"say \\"\\\\\\"\\n\\t\\xE9\\U0001F600\\x00"'],
    [charSet(charactersOf("^-]\\az")), "[\\x2D\\x5C-\\x5Eaz]"],
    [charSet([[0x30, 0x39]]), "[0-9]"],
    [charSet(charactersOf("x")), '"x"'],
    [sequence(literal("a"), EMPTY_TEXT, sequence(literal("b"), reference("r"))), '"ab" r'],
    [sequence(choice([literal("a"), literal("b")]), literal("c")), '("a" | "b") "c"'],
    [choice([literal("a"), choice([literal("b"), literal("a")])]), '"a" | "b"'],
    [optional(literal("ab")), '"ab"?'],
    [optional(sequence(literal("a"), reference("r"))), '"a" r | ""'],
    [sequence(), '""'],
  ])("%j", (expr, text) => {
    expect(printExpr(expr)).toBe(text);
  });

  test("any literal and any set of characters survive printing", () => {
    const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.array(character, { minLength: 1 }),
        character,
        (text, members, other) => {
          const characters = charactersOf(members.join(""));
          const gbnf = new Gbnf(new RuleBook().print(sequence(literal(text), charSet(characters))));
          expect(gbnf.matches(text + members[0])).toBe(true);
          expect(gbnf.matches(text + other)).toBe(members.includes(other));
        },
      ),
    );
  });
});

describe("RuleBook.repeat", () => {
  test.each([
    [0, 1],
    [1, 1],
    [0, 0],
    [2, 5],
    [0, Number.POSITIVE_INFINITY],
    [3, Number.POSITIVE_INFINITY],
    [0, 4100],
    [1999, 2001],
    [2000, 2000],
    [4001, 4001],
    [2500, Number.POSITIVE_INFINITY],
  ])("between %d and %d", (min, max) => {
    const book = new RuleBook();
    const gbnf = new Gbnf(book.print(book.repeat(charSet(charactersOf("ab")), min, max)));
    for (const length of [0, 1, min - 1, min, min + 1, 2000, 3000, max - 1, max, max + 1]) {
      if (!(length >= 0 && length < 5000)) continue;
      expect(gbnf.matches("b".repeat(length)), String(length)).toBe(length >= min && length <= max);
    }
  });

  test("a count above the threshold leaves few paths to follow", () => {
    const book = new RuleBook();
    const gbnf = new Gbnf(book.print(book.repeat(literal("a"), 0, 50_000)));
    expect(gbnf.ways("a".repeat(2500))).toBeLessThanOrEqual(4);
  });
});

describe("sets of characters", () => {
  const ranges = fc
    .array(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 20 })), { maxLength: 6 })
    .map((pairs) => union([pairs.map(([low, span]) => [low, low + span] as const)]));

  test("union, intersection and complement are what they say", () => {
    fc.assert(
      fc.property(ranges, ranges, fc.nat({ max: 330 }), (a, b, c) => {
        expect(includes(union([a, b]), c)).toBe(includes(a, c) || includes(b, c));
        expect(includes(intersect(a, b), c)).toBe(includes(a, c) && includes(b, c));
        expect(includes(complement(a), c)).toBe(!includes(a, c));
        expect(complement(complement(a))).toEqual(a);
      }),
    );
  });
});
