import { MAX_AUTOMATON_WORK, MAX_DFA_STATES } from "../limits.ts";
import { PatternError } from "../regex/pattern-error.ts";
import { distinctSets, partition } from "./atoms.ts";
import { DEAD, type Dfa } from "./dfa.ts";
import type { Jump, Nfa } from "./nfa.ts";

/** The subset construction. The start keeps a state of its own, because only there `^` holds. */
export function determinize(nfa: Nfa): Dfa {
  const { atoms, targets } = byAtom(nfa);
  const subsets: number[][] = [closure(nfa, [nfa.start], (jump) => jump.only !== "end")];
  const known = new Map<string, number>();
  const next: number[][] = [];
  let work = 0;
  for (let state = 0; state < subsets.length; state++) {
    const row = atoms.map((_, atom) => {
      const reached = new Set((subsets[state] ?? []).flatMap((member) => targets[member]?.[atom] ?? []));
      if (reached.size === 0) return DEAD;
      const subset = closure(nfa, [...reached], (jump) => jump.only === undefined);
      work += subset.length;
      const key = subset.join();
      const place = known.get(key) ?? subsets.push(subset) - 1;
      known.set(key, place);
      return place;
    });
    next.push(row);
    if (subsets.length > MAX_DFA_STATES || work > MAX_AUTOMATON_WORK)
      throw new PatternError("a pattern with so many states");
  }
  const accepting = subsets.map((subset, state) => accepts(nfa, subset, state === 0));
  return { atoms, next, accepting };
}

/** At the end of the text `$` holds; at the start of an empty text `^` does as well. */
function accepts(nfa: Nfa, subset: readonly number[], atStart: boolean): boolean {
  return closure(nfa, subset, (jump) => jump.only !== "start" || atStart).includes(nfa.accept);
}

/** The states that can be reached from `from` without consuming anything, in ascending order. */
function closure(nfa: Nfa, from: readonly number[], allowed: (jump: Jump) => boolean): number[] {
  const reached = new Set(from);
  for (const state of reached) {
    for (const jump of nfa.jumps[state] ?? []) if (allowed(jump)) reached.add(jump.to);
  }
  return [...reached].sort((a, b) => a - b);
}

/** For each state and atom the states one step away. */
function byAtom(nfa: Nfa): { atoms: Dfa["atoms"]; targets: number[][][] } {
  const steps = nfa.steps.flatMap((out, from) => out.map((step) => ({ from, ...step })));
  const { distinct, index } = distinctSets(steps.map((step) => step.set));
  const { atoms, parts } = partition(distinct);
  const targets: number[][][] = nfa.steps.map(() => []);
  for (const [i, { from, to }] of steps.entries()) {
    for (const atom of parts[index[i]!] ?? []) {
      const row = targets[from]!;
      const cell = row[atom] ?? [];
      cell.push(to);
      row[atom] = cell;
    }
  }
  return { atoms, targets };
}
