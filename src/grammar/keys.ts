import { type Dfa, isNever } from "./automaton/dfa.ts";
import { intersection, lengthBetween, negation } from "./automaton/product.ts";
import type { Expr } from "./gbnf.ts";
import { anyString } from "./json-value.ts";
import { schemaTooLarge, unsupportedKeyword } from "./refusals.ts";
import { PatternError } from "./regex/pattern-error.ts";
import type { RuleBook } from "./rule-book.ts";
import { type Facets, kindsOf } from "./schema/facets.ts";
import type { StringAutomata } from "./values/string-automata.ts";
import { quotedText } from "./values/string-value.ts";

const ALL = lengthBetween(0, Number.POSITIVE_INFINITY);

/**
 * The quoted name of a property that is not one of `declared`, under what propertyNames demands.
 * Undefined where no name is left.
 */
export function otherKey(
  book: RuleBook,
  hint: string,
  automata: StringAutomata,
  declared: readonly string[],
  names: readonly Facets[] | undefined,
): Expr | undefined {
  if (declared.length === 0 && names === undefined) return anyString(book);
  const dfa = within(() => {
    const fresh = declared.length === 0 ? ALL : negation(automata.texts(declared));
    return names === undefined ? fresh : intersection(fresh, namesAutomaton(names, automata));
  });
  return isNever(dfa) ? undefined : quotedText(book, `${hint}-key`, dfa);
}

function within(build: () => Dfa): Dfa {
  try {
    return build();
  } catch (error) {
    if (error instanceof PatternError)
      throw schemaTooLarge("the names of its properties need too many states");
    throw error;
  }
}

/** The names that fulfil one of the alternatives of propertyNames. */
function namesAutomaton(alternatives: readonly Facets[], automata: StringAutomata): Dfa {
  const possible = alternatives.filter((facets) => kindsOf(facets).has("string"));
  // A name fulfils one of them unless it fails all of them.
  return negation(
    possible.map((facets) => negation(nameAutomaton(facets, automata))).reduce(intersection, ALL),
  );
}

function nameAutomaton({ path, values, string }: Facets, automata: StringAutomata): Dfa {
  const texts = values?.filter((value) => typeof value === "string");
  const dfa = texts === undefined ? ALL : automata.texts(texts);
  if (string === undefined) return dfa;
  const [first, ...rest] = string.patterns;
  const limited = automata.limited(first === undefined ? ALL : automata.of([first, ...rest]), string);
  if (limited === undefined)
    throw unsupportedKeyword("propertyNames", path, "its lengths make the grammar too large");
  return intersection(dfa, limited);
}
