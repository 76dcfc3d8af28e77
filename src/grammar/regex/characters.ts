import type { AST } from "@eslint-community/regexpp";
import { type CodePoints, charactersOf, complement, single, union } from "../code-points.ts";
import { PatternError } from "./pattern-error.ts";

const DIGIT: CodePoints = [[0x30, 0x39]];
const WORD = union([DIGIT, [[0x41, 0x5a]], [[0x61, 0x7a]], charactersOf("_")]);

/** White space and line ends of ECMA-262, which is what JSON Schema's patterns follow. */
const SPACE = union([
  [[0x09, 0x0d]],
  charactersOf(" \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"),
  [[0x2000, 0x200a]],
]);

const ESCAPES = { digit: DIGIT, word: WORD, space: SPACE };

/** The characters that a dot matches: all but the line ends. */
const DOT = complement(charactersOf("\n\r\u2028\u2029"));

const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

/** One character. @throws PatternError for half of one: no text in UTF-8 has that. */
export function characterSet({ value }: AST.Character): CodePoints {
  if (isSurrogate(value)) throw new PatternError("lone surrogate");
  return single(value);
}

/** A dot, or a class such as `\d`. */
export function knownSet(set: AST.CharacterSet): CodePoints {
  if (set.kind === "any") return DOT;
  if (set.kind === "property") throw new PatternError(`Unicode property \\${set.negate ? "P" : "p"}`);
  return set.negate ? complement(ESCAPES[set.kind]) : ESCAPES[set.kind];
}

function memberSet(member: AST.CharacterClassElement): CodePoints {
  if (member.type === "Character") return characterSet(member);
  if (member.type === "CharacterSet") return knownSet(member);
  if (member.type !== "CharacterClassRange") throw new PatternError("a class within a class");
  const [[low] = [0], [high] = [0]] = [characterSet(member.min)[0], characterSet(member.max)[0]];
  return [[low, high]];
}

/** A class in brackets. */
export function classSet({ elements, negate }: AST.CharacterClass): CodePoints {
  const members = union(elements.map(memberSet));
  return negate ? complement(members) : members;
}
