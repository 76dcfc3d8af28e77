import { type CodePoints, charactersOf, complement, includes, intersect, union } from "./code-points.ts";
import { charSet, choice, type Expr, literal, sequence } from "./gbnf.ts";
import type { RuleBook } from "./rule-book.ts";

const HEX = charactersOf("0123456789abcdefABCDEF");
const CONTROLS: CodePoints = [[0, 0x1f]];

/** Characters that stand for themselves between the quotes of a JSON string. */
const RAW = complement(union([CONTROLS, charactersOf('"\\')]));

/** The letter after the backslash, for each character that has a short escape and cannot stand for itself. */
const SHORT: readonly (readonly [character: string, letter: string])[] = [
  ['"', '"'],
  ["\\", "\\"],
  ["\b", "b"],
  ["\f", "f"],
  ["\n", "n"],
  ["\r", "r"],
  ["\t", "t"],
];

const NO_SHORT = complement(union([RAW, charactersOf(SHORT.map(([character]) => character).join(""))]));

/**
 * One character of a JSON string in any spelling: raw, short escape, `\uXXXX`, or a pair of surrogate escapes. Always exactly
 * one Unicode character, so that counting it counts what minLength and maxLength mean. Lone surrogates are left out.
 */
function anyCharacter(book: RuleBook): Expr {
  return book.shared("char", "char", () => {
    const digits = (count: number) => book.repeat(charSet(HEX), count, count);
    const d = charSet(charactersOf("dD"));
    const basic = sequence(charSet(charactersOf("0123456789abcefABCEF")), digits(3));
    const beforeSurrogates = sequence(d, charSet(charactersOf("01234567")), digits(2));
    const pair = sequence(
      sequence(d, charSet(charactersOf("89abAB")), digits(2)),
      literal("\\u"),
      sequence(d, charSet(charactersOf("cdefCDEF")), digits(2)),
    );
    const afterBackslash = choice([
      charSet(charactersOf('"\\/bfnrt')),
      sequence(literal("u"), choice([basic, beforeSurrogates, pair])),
    ]);
    return choice([charSet(RAW), sequence(literal("\\"), book.add("escape", afterBackslash))]);
  });
}

/** One character out of `characters`, spelled as `JSON.stringify` does: escaped only where JSON demands it. */
export function characterOf(book: RuleBook, characters: CodePoints): Expr {
  const raw = intersect(characters, RAW);
  const short = SHORT.filter(([character]) => includes(characters, character.codePointAt(0) ?? 0));
  const options: Expr[] = raw.length === 0 ? [] : [charSet(raw)];
  if (short.length > 0) {
    options.push(sequence(literal("\\"), charSet(charactersOf(short.map(([, letter]) => letter).join("")))));
  }
  options.push(...unicodeEscapes(intersect(characters, NO_SHORT)));
  const expr = choice(options);
  return options.length === 1 ? expr : book.shared(`char ${JSON.stringify(characters)}`, "chars", () => expr);
}

/** `\u00XX` for control characters, grouped by their first digit. */
function unicodeEscapes(controls: CodePoints): Expr[] {
  return [0, 1].flatMap((high) => {
    const low = [...Array(16).keys()].filter((digit) => includes(controls, high * 16 + digit));
    if (low.length === 0) return [];
    const digits = union(
      low.flatMap((digit) => [...digit.toString(16)].map((d) => charactersOf(d + d.toUpperCase()))),
    );
    return [sequence(literal(`\\u00${high}`), charSet(digits))];
  });
}

/** A whole string of characters in any spelling, with its quotes. */
export function stringOf(book: RuleBook, min: number, max: number): Expr {
  return sequence(literal('"'), book.repeat(anyCharacter(book), min, max), literal('"'));
}
