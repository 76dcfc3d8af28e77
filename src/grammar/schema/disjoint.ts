import { isEmptyRange } from "./bounds.ts";
import { ALL_KINDS, type Facets, type Kind } from "./facets.ts";
import { kindOf } from "./kind-of.ts";
import { isContradiction, itemNodes, mergeFacets, propertyNodes } from "./merge.ts";
import type { SchemaNode } from "./node.ts";

/** How far into properties and items the search for a contradiction goes. */
const MAX_PROOF_DEPTH = 3;

type Alternatives = (nodes: readonly SchemaNode[]) => readonly Facets[];

/** Can it be proved that no value fulfils one of `a` and one of `b`? False where the proof does not succeed. */
export function areDisjoint(a: readonly Facets[], b: readonly Facets[], alternatives: Alternatives): boolean {
  return a.every((x) => b.every((y) => isImpossible(mergeFacets(x, y), alternatives, MAX_PROOF_DEPTH)));
}

function isImpossible(facets: Facets, alternatives: Alternatives, depth: number): boolean {
  if (isContradiction(facets)) return true;
  const allowed = facets.kinds ?? new Set(ALL_KINDS);
  const kinds =
    facets.values === undefined
      ? [...allowed]
      : facets.values.map(kindOf).filter((kind) => allowed.has(kind));
  return kinds.every((kind) => isKindImpossible(kind, facets, alternatives, depth));
}

function isKindImpossible(kind: Kind, facets: Facets, alternatives: Alternatives, depth: number): boolean {
  if (kind === "integer" || kind === "fraction")
    return isEmptyRange(facets.number?.lower, facets.number?.upper);
  if (kind === "string" && facets.string !== undefined)
    return facets.string.minLength > facets.string.maxLength;
  if (depth === 0) return false;
  const noneFits = (nodes: readonly SchemaNode[]) =>
    nodes.length > 0 && alternatives(nodes).every((each) => isImpossible(each, alternatives, depth - 1));
  if (kind === "array" && facets.array !== undefined) {
    const { min = 0, max } = facets.array;
    const needed = Array.from({ length: Math.min(min, facets.array.prefix.length + 1) }, (_, i) => i);
    return min > max || needed.some((i) => noneFits(itemNodes(facets.array!, i)));
  }
  if (kind !== "object" || facets.object === undefined) return false;
  const { required, min, max } = facets.object;
  return min > max || [...required].some((name) => noneFits(propertyNodes(facets.object!, name)));
}
