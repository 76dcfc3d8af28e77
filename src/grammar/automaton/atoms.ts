import { type CodePointRange, type CodePoints, codePointsKey, union } from "../code-points.ts";

export interface Partition {
  atoms: CodePoints[];
  /** For each of the given sets, the numbers of the atoms it consists of. */
  parts: number[][];
}

/** Splits the union of `sets` into the fewest disjoint sets out of which each of them can be put together. */
export function partition(sets: readonly CodePoints[]): Partition {
  const cuts = [...new Set(sets.flat().flatMap(([low, high]) => [low, high + 1]))].sort((a, b) => a - b);
  const bySignature = new Map<string, { ranges: CodePointRange[]; members: number[] }>();
  const cursors = sets.map(() => 0);
  for (let i = 0; i + 1 < cuts.length; i++) {
    const low = cuts[i]!;
    const members = coveringSets(sets, cursors, low);
    if (members.length === 0) continue;
    const atom = bySignature.get(members.join()) ?? { ranges: [], members };
    atom.ranges.push([low, cuts[i + 1]! - 1]);
    bySignature.set(members.join(), atom);
  }
  const atoms = [...bySignature.values()];
  const parts: number[][] = sets.map(() => []);
  for (const [i, atom] of atoms.entries()) for (const member of atom.members) parts[member]?.push(i);
  return { atoms: atoms.map((atom) => union([atom.ranges])), parts };
}

/** The sets that contain `codePoint`; cursors only ever move forward, since it is asked for in ascending order. */
function coveringSets(sets: readonly CodePoints[], cursors: number[], codePoint: number): number[] {
  const members: number[] = [];
  for (const [i, set] of sets.entries()) {
    while ((set[cursors[i]!]?.[1] ?? Number.POSITIVE_INFINITY) < codePoint) cursors[i]! += 1;
    const range = set[cursors[i]!];
    if (range !== undefined && range[0] <= codePoint) members.push(i);
  }
  return members;
}

/** The distinct sets among `sets`, and for each one its place in that list. */
export function distinctSets(sets: readonly CodePoints[]): { distinct: CodePoints[]; index: number[] } {
  const places = new Map<string, number>();
  const distinct: CodePoints[] = [];
  const index = sets.map((set) => {
    const key = codePointsKey(set);
    const place = places.get(key) ?? distinct.push(set) - 1;
    places.set(key, place);
    return place;
  });
  return { distinct, index };
}
