import { DEAD, type Dfa } from "./dfa.ts";

/** The smallest automaton for the same texts: unreachable, useless and equivalent states are gone. */
export function minimize(dfa: Dfa): Dfa {
  const live = liveStates(dfa);
  if (!live.has(0)) return { atoms: [], next: [[]], accepting: [false] };
  const sink = dfa.next.length;
  const step = (state: number, atom: number): number => {
    const to = state === sink ? sink : (dfa.next[state]?.[atom] ?? DEAD);
    return live.has(to) ? to : sink;
  };
  const blocks = equivalentStates([...live, sink], dfa, step);
  return renumber(dfa, blocks, step, sink);
}

/** States that the start reaches and from which an accepting state can be reached. */
function liveStates(dfa: Dfa): Set<number> {
  const reached = new Set([0]);
  const sources = new Map<number, number[]>();
  for (const state of reached) {
    for (const to of new Set(dfa.next[state])) {
      if (to === DEAD) continue;
      reached.add(to);
      sources.set(to, [...(sources.get(to) ?? []), state]);
    }
  }
  const live = new Set([...reached].filter((state) => dfa.accepting[state]));
  for (const state of live) for (const from of sources.get(state) ?? []) live.add(from);
  return live;
}

type Step = (state: number, atom: number) => number;

/** Hopcroft's partition refinement. @returns the number of each state's class. */
function equivalentStates(states: readonly number[], dfa: Dfa, step: Step): Map<number, number> {
  const blockOf = new Map<number, number>();
  const blocks: Set<number>[] = [];
  const open = (members: Iterable<number>): number => {
    const block = blocks.push(new Set(members)) - 1;
    for (const member of blocks[block]!) blockOf.set(member, block);
    return block;
  };
  const sources = sourcesByAtom(states, dfa.atoms.length, step);
  const accepting = states.filter((state) => dfa.accepting[state]);
  const pending = [open(accepting), open(states.filter((state) => !dfa.accepting[state]))];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    const splitters = [...blocks[block]!];
    for (const bySource of sources) {
      const hit = new Map<number, number[]>();
      for (const source of splitters.flatMap((member) => bySource.get(member) ?? [])) {
        const home = blockOf.get(source)!;
        const group = hit.get(home);
        if (group === undefined) hit.set(home, [source]);
        else group.push(source);
      }
      for (const [home, group] of hit) {
        if (group.length === blocks[home]!.size) continue;
        for (const member of group) blocks[home]!.delete(member);
        pending.push(...splitOff(blocks, home, open(group), pending));
      }
    }
  }
  return blockOf;
}

/** Which of the two halves must still be used to split others: both if the old one was waiting, else the smaller. */
function splitOff(
  blocks: readonly Set<number>[],
  rest: number,
  fresh: number,
  pending: readonly number[],
): number[] {
  if (pending.includes(rest)) return [fresh];
  return [blocks[rest]!.size < blocks[fresh]!.size ? rest : fresh];
}

/** For each atom: state → the states that step to it. */
function sourcesByAtom(states: readonly number[], atoms: number, step: Step): Map<number, number[]>[] {
  return Array.from({ length: atoms }, (_, atom) => {
    const sources = new Map<number, number[]>();
    for (const state of states) {
      const to = step(state, atom);
      const known = sources.get(to);
      if (known === undefined) sources.set(to, [state]);
      else known.push(state);
    }
    return sources;
  });
}

/** One state for each class, numbered in the order in which the start reaches them. */
function renumber(dfa: Dfa, blockOf: ReadonlyMap<number, number>, step: Step, sink: number): Dfa {
  const dead = blockOf.get(sink);
  const numbers = new Map([[blockOf.get(0)!, 0]]);
  const order = [0];
  const next: number[][] = [];
  for (const state of order) {
    const row = dfa.atoms.map((_, atom) => {
      const to = step(state, atom);
      const block = blockOf.get(to)!;
      if (block === dead) return DEAD;
      if (!numbers.has(block)) numbers.set(block, order.push(to) - 1);
      return numbers.get(block)!;
    });
    next.push(row);
  }
  return { atoms: dfa.atoms, next, accepting: order.map((state) => dfa.accepting[state] === true) };
}
