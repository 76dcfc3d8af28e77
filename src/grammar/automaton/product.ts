import { ANY_CHARACTER, complement, union } from "../code-points.ts";
import { MAX_DFA_STATES } from "../limits.ts";
import { PatternError } from "../regex/pattern-error.ts";
import { partition } from "./atoms.ts";
import { DEAD, type Dfa } from "./dfa.ts";
import { minimize } from "./minimize.ts";

/** The texts that both automata accept. */
export function intersection(a: Dfa, b: Dfa): Dfa {
  const { atoms, parts } = partition([...a.atoms, ...b.atoms]);
  const owner = (from: number, count: number) =>
    atoms.map((_, atom) => parts.slice(from, from + count).findIndex((part) => part.includes(atom)));
  const inA = owner(0, a.atoms.length);
  const inB = owner(a.atoms.length, b.atoms.length);
  const pairs: [number, number][] = [[0, 0]];
  const known = new Map([["0,0", 0]]);
  const next: number[][] = [];
  for (let state = 0; state < pairs.length; state++) {
    if (pairs.length > MAX_DFA_STATES) throw new PatternError("a pattern with so many states");
    const [stateA, stateB] = pairs[state]!;
    const row = atoms.map((_, atom) => {
      const nextA = a.next[stateA]?.[inA[atom]!] ?? DEAD;
      const nextB = b.next[stateB]?.[inB[atom]!] ?? DEAD;
      if (nextA === DEAD || nextB === DEAD) return DEAD;
      const key = `${nextA},${nextB}`;
      const place = known.get(key) ?? pairs.push([nextA, nextB]) - 1;
      known.set(key, place);
      return place;
    });
    next.push(row);
  }
  const accepting = pairs.map(
    ([stateA, stateB]) => a.accepting[stateA] === true && b.accepting[stateB] === true,
  );
  return minimize({ atoms, next, accepting });
}

/** The texts that `dfa` does not accept. */
export function negation(dfa: Dfa): Dfa {
  const others = complement(union(dfa.atoms));
  const sink = dfa.next.length;
  const next = dfa.next.map((row) => [...row.map((to) => (to === DEAD ? sink : to)), sink]);
  const atoms = [...dfa.atoms, others];
  return minimize({
    atoms,
    next: [...next, atoms.map(() => sink)],
    accepting: [...dfa.accepting.map((accepting) => !accepting), true],
  });
}

/** Texts of between `min` and `max` characters. */
export function lengthBetween(min: number, max: number): Dfa {
  const last = max === Number.POSITIVE_INFINITY ? min : max;
  if (last >= MAX_DFA_STATES) throw new PatternError("a pattern with so many states");
  const states = Array.from({ length: last + 1 }, (_, length) => length);
  return {
    atoms: [ANY_CHARACTER],
    next: states.map((length) => [
      length < last ? length + 1 : max === Number.POSITIVE_INFINITY ? last : DEAD,
    ]),
    accepting: states.map((length) => length >= min),
  };
}
