import { type AST, RegExpParser, RegExpSyntaxError } from "@eslint-community/regexpp";
import { MAX_GROUP_DEPTH } from "../limits.ts";
import { type Regex, regexChoice, regexSequence, regexSet } from "./ast.ts";
import { characterSet, classSet, knownSet } from "./characters.ts";
import { PatternError } from "./pattern-error.ts";

const parser = new RegExpParser();

const TOO_DEEP = `groups nested deeper than ${MAX_GROUP_DEPTH}`;

/**
 * Reads an ECMA-262 pattern as JSON Schema wants it, by characters (flag `u`); one that is none as the web has it, with the leniency of
 * annex B.
 *
 * @throws PatternError for lookaround, back references, Unicode properties, word boundaries, flags and syntax errors.
 */
export function parsePattern(pattern: string): Regex {
  return ofAlternatives((treeOf(pattern, true) ?? treeOf(pattern, false))!.alternatives, 0);
}

/** Undefined for what is a syntax error with the flag `u` only. */
function treeOf(pattern: string, unicode: boolean): AST.Pattern | undefined {
  try {
    return parser.parsePattern(pattern, 0, pattern.length, { unicode });
  } catch (error) {
    // The parser goes down into groups by recursion.
    if (error instanceof RangeError) throw new PatternError(TOO_DEEP);
    if (!(error instanceof RegExpSyntaxError)) throw error;
    if (unicode) return undefined;
    throw new PatternError(error.message);
  }
}

function ofAlternatives(alternatives: readonly AST.Alternative[], depth: number): Regex {
  if (depth > MAX_GROUP_DEPTH) throw new PatternError(TOO_DEEP);
  const options = alternatives.map(({ elements }) =>
    regexSequence(wholeCharacters(elements).map((element) => ofElement(element, depth))),
  );
  return options.length === 1 ? options[0]! : regexChoice(options);
}

function ofElement(element: AST.Element, depth: number): Regex {
  switch (element.type) {
    case "Character":
      return regexSet(characterSet(element));
    case "CharacterSet":
      return regexSet(knownSet(element));
    case "CharacterClass":
      return regexSet(classSet(element));
    case "Group":
      if (element.modifiers !== null) throw new PatternError("group with flags");
      return ofAlternatives(element.alternatives, depth + 1);
    case "CapturingGroup":
      return ofAlternatives(element.alternatives, depth + 1);
    case "Quantifier":
      return { kind: "repeat", item: ofElement(element.element, depth), min: element.min, max: element.max };
    case "Assertion":
      return ofAssertion(element);
    case "Backreference":
      throw new PatternError(`back reference ${element.raw}`);
    default:
      throw new PatternError("a class within a class");
  }
}

function ofAssertion(assertion: AST.Assertion): Regex {
  if (assertion.kind === "start" || assertion.kind === "end") return { kind: "anchor", at: assertion.kind };
  if (assertion.kind === "word") throw new PatternError(`word boundary ${assertion.raw}`);
  throw new PatternError(assertion.kind);
}

const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/** Without the flag `u` a character beyond U+FFFF comes as two; they are one again where no quantifier stands between them. */
function wholeCharacters(elements: readonly AST.Element[]): AST.Element[] {
  const whole: AST.Element[] = [];
  for (const element of elements) {
    const last = whole.at(-1);
    const pair = last?.type === "Character" && element.type === "Character";
    if (pair && isHigh(last.value) && isLow(element.value)) {
      const value = 0x10000 + (last.value - 0xd800) * 0x400 + (element.value - 0xdc00);
      whole[whole.length - 1] = { ...element, value };
    } else whole.push(element);
  }
  return whole;
}
