import { anyOfTexts, searching } from "../automaton/build.ts";
import { type Dfa, isNever } from "../automaton/dfa.ts";
import { intersection, lengthBetween } from "../automaton/product.ts";
import { MAX_AUTOMATA_STATES, MAX_DFA_STATES } from "../limits.ts";
import { invalid, schemaTooLarge, unsupportedKeyword } from "../refusals.ts";
import { parsePattern } from "../regex/parse.ts";
import { PatternError } from "../regex/pattern-error.ts";
import type { Pattern, StringFacets } from "../schema/facets.ts";

export type Patterns = readonly [Pattern, ...Pattern[]];

/** The few formats there are get compiled once for all requests. */
const formats = new Map<string, Dfa>();

/** Makes the automata of one grammar, each only once, and keeps account of their size. */
export class StringAutomata {
  readonly #known = new Map<string, Dfa>();
  #states = 0;

  /**
   * All patterns and formats together, without length limits.
   * @throws AppError 400 that names the keyword, its place and the construct that cannot be expressed.
   */
  of(patterns: Patterns): Dfa {
    const [first, ...rest] = patterns;
    return rest.reduce((dfa, pattern) => this.#both(dfa, pattern), this.#single(first));
  }

  /** `dfa` with minLength and maxLength; undefined where they would make it too large. */
  limited(dfa: Dfa, { minLength, maxLength }: StringFacets): Dfa | undefined {
    if ((minLength === 0 && maxLength === Number.POSITIVE_INFINITY) || isNever(dfa)) return dfa;
    try {
      return this.#count(intersection(dfa, lengthBetween(minLength, maxLength)));
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.#spend(MAX_DFA_STATES);
      return undefined;
    }
  }

  /** Exactly the given texts. */
  texts(texts: readonly string[]): Dfa {
    return this.#count(anyOfTexts(texts));
  }

  #single(pattern: Pattern): Dfa {
    const cache = pattern.keyword === "format" ? formats : this.#known;
    const known = cache.get(pattern.source);
    if (known !== undefined) return known;
    const dfa = this.#count(refusing(pattern, () => searching(parsePattern(pattern.source))));
    cache.set(pattern.source, dfa);
    return dfa;
  }

  #both(dfa: Dfa, pattern: Pattern): Dfa {
    const other = this.#single(pattern);
    return this.#count(refusing(pattern, () => intersection(dfa, other)));
  }

  #count(dfa: Dfa): Dfa {
    this.#spend(dfa.next.length);
    return dfa;
  }

  #spend(states: number): void {
    this.#states += states;
    if (this.#states > MAX_AUTOMATA_STATES)
      throw schemaTooLarge("its patterns together need too many states");
  }
}

function refusing<T>(pattern: Pattern, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    if (!isPattern(pattern.source)) {
      throw invalid(pattern.path, `"pattern" is not a regular expression: ${error.message}`);
    }
    throw unsupportedKeyword(
      pattern.keyword,
      pattern.path,
      `${error.message} cannot be expressed in a grammar`,
    );
  }
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
