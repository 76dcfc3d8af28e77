import { type CodePoints, includes } from "../code-points.ts";

/** No way on. */
export const DEAD = -1;

/** A deterministic automaton over Unicode characters. State 0 is the start. */
export interface Dfa {
  /** Disjoint sets of characters that the automaton does not tell apart. A character in none of them leads nowhere. */
  atoms: readonly CodePoints[];
  /** `next[state][atom]`: a state, or {@link DEAD}. */
  next: readonly (readonly number[])[];
  accepting: readonly boolean[];
}

export function matches(dfa: Dfa, text: string): boolean {
  let state = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const atom = dfa.atoms.findIndex((set) => includes(set, codePoint));
    state = dfa.next[state]?.[atom] ?? DEAD;
    if (state === DEAD) return false;
  }
  return dfa.accepting[state] === true;
}

/** Does it accept nothing at all? Right for automata that `minimize` has made. */
export const isNever = (dfa: Dfa): boolean => !dfa.accepting.includes(true);
