import { type Dfa, isNever } from "../automaton/dfa.ts";
import { dfaRules } from "../automaton/to-rules.ts";
import { type Expr, literal, sequence } from "../gbnf.ts";
import { characterOf, stringOf } from "../json-text.ts";
import { anyString } from "../json-value.ts";
import { unsupportedKeyword } from "../refusals.ts";
import type { RuleBook } from "../rule-book.ts";
import type { StringFacets } from "../schema/facets.ts";
import type { Warn } from "../schema/read.ts";
import type { Patterns, StringAutomata } from "./string-automata.ts";

/** A quoted string. Undefined where no string fits. */
export function stringValue(
  book: RuleBook,
  hint: string,
  facets: StringFacets,
  automata: StringAutomata,
  warn: Warn,
): Expr | undefined {
  const { minLength, maxLength } = facets;
  const [first, ...rest] = facets.patterns;
  if (minLength > maxLength) return undefined;
  if (first !== undefined) {
    const dfa = limitedAutomaton(facets, [first, ...rest], automata, warn);
    return isNever(dfa) ? undefined : quotedText(book, `${hint}-text`, dfa);
  }
  if (minLength === 0 && maxLength === Number.POSITIVE_INFINITY) return anyString(book);
  return stringOf(book, minLength, maxLength);
}

/**
 * The texts of `dfa` between quotes. Each character has its shortest spelling only, so that `\u0041` cannot smuggle in what
 * the automaton forbids.
 */
export function quotedText(book: RuleBook, hint: string, dfa: Dfa): Expr {
  const text = dfaRules(book, hint, dfa, (set) => characterOf(book, set));
  return sequence(literal('"'), text, literal('"'));
}

function limitedAutomaton(
  facets: StringFacets,
  patterns: Patterns,
  automata: StringAutomata,
  warn: Warn,
): Dfa {
  const { keyword, path } = patterns[0];
  const dfa = automata.of(patterns);
  const limited = automata.limited(dfa, facets);
  if (limited !== undefined) return limited;
  const open = automata.limited(dfa, { ...facets, maxLength: Number.POSITIVE_INFINITY });
  if (open === undefined)
    throw unsupportedKeyword("minLength", path, `it makes the grammar for "${keyword}" too large`);
  warn(`"maxLength" beside "${keyword}" at ${path} makes the grammar too large and is not enforced`);
  return open;
}
