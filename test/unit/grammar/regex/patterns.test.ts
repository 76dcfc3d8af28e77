import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { searching } from "../../../../src/grammar/automaton/build.ts";
import { type Dfa, matches } from "../../../../src/grammar/automaton/dfa.ts";
import { intersection, negation } from "../../../../src/grammar/automaton/product.ts";
import { parsePattern } from "../../../../src/grammar/regex/parse.ts";
import { PatternError } from "../../../../src/grammar/regex/pattern-error.ts";

/** Random patterns out of everything that is supported. */
const pattern: fc.Arbitrary<string> = fc.letrec<{
  choice: string;
  sequence: string;
  item: string;
  atom: string;
}>((tie) => ({
  choice: fc.array(tie("sequence"), { minLength: 1, maxLength: 2 }).map((options) => options.join("|")),
  sequence: fc.array(tie("item"), { maxLength: 2 }).map((items) => items.join("")),
  item: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "+?"))
        .map((parts) => parts.join("")),
    },
    { weight: 1, arbitrary: fc.constantFrom("^", "$") },
  ),
  atom: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    fc.constantFrom(
      "a",
      "b",
      "c",
      ".",
      "[ab]",
      "[^a]",
      "\\d",
      "\\w",
      "\\s",
      "[\\d-]",
      "[a-c1]",
      "\\.",
      "\\u0062",
      "\\x61",
      "[^\\W]",
      "\\n",
      "é",
      "😀",
    ),
    tie("choice").map((inner) => `(${inner})`),
    tie("choice").map((inner) => `(?:${inner})`),
  ),
})).choice;

const subject = fc
  .array(fc.constantFrom("a", "b", "c", "1", " ", "-", ".", "\n", "é", "😀", "_"), { maxLength: 7 })
  .map((parts) => parts.join(""));

/** Undefined for the rare random pattern that is refused for its size. */
function automatonOf(source: string): Dfa | undefined {
  try {
    return searching(parsePattern(source));
  } catch (error) {
    if (error instanceof PatternError && error.message.includes("so many states")) return undefined;
    throw error;
  }
}

describe("patterns as automata", () => {
  test("match what JavaScript's own engine matches", () => {
    fc.assert(
      fc.property(pattern, fc.array(subject, { minLength: 5, maxLength: 12 }), (source, subjects) => {
        const expected = new RegExp(source, "u");
        const dfa = automatonOf(source);
        fc.pre(dfa !== undefined);
        for (const text of subjects)
          expect(matches(dfa, text), JSON.stringify(text)).toBe(expected.test(text));
      }),
      { numRuns: 500 },
    );
  });

  test("intersection and negation are what they say", () => {
    fc.assert(
      fc.property(
        pattern,
        pattern,
        fc.array(subject, { minLength: 5, maxLength: 12 }),
        (left, right, subjects) => {
          const [a, b] = [automatonOf(left), automatonOf(right)];
          fc.pre(a !== undefined && b !== undefined);
          const both = intersection(a, b);
          const not = negation(a);
          for (const text of subjects) {
            expect(matches(both, text)).toBe(matches(a, text) && matches(b, text));
            expect(matches(not, text)).toBe(!matches(a, text));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the smallest automaton is found", () => {
    const states = (source: string) => searching(parsePattern(source)).next.length;
    expect(states("^(?:a|b|[ab])$")).toBe(2);
    expect(states("^(a*)*(a|aa)*$")).toBe(1);
    expect(states("")).toBe(1);
    expect(states("^(?:foo|boo|zoo)$")).toBe(4);
  });

  test.each([
    ["a{", "a{", "a"],
    ["^x{,3}$", "x{,3}", "xx"],
    ["^[\\w-z]$", "-", "."],
    ["[]|b", "ab", "a"],
    ["^\\/\\-$", "/-", "-"],
    ["^\\cA$", "\u0001", "A"],
    ["^\\0$", "\0", "0"],
    ["^\\u{1F600}$", "😀", "u"],
    ["^\\ud83d\\ude00$", "😀", "x"],
    ["^(?<name>a)$", "a", "name"],
    ["^[\\b]$", "\b", "b"],
    ["^[^]$", "\n", ""],
  ])("%s finds %j and not %j", (source, found, missed) => {
    const dfa = searching(parsePattern(source));
    expect(matches(dfa, found)).toBe(true);
    expect(matches(dfa, missed)).toBe(false);
  });
});
