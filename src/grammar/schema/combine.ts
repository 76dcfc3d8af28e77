import { MAX_ALTERNATIVES, MAX_MERGE_WORK, MAX_NESTING } from "../limits.ts";
import { invalid, schemaTooLarge } from "../refusals.ts";
import { areDisjoint } from "./disjoint.ts";
import type { Facets } from "./facets.ts";
import { checkKeywords } from "./keywords.ts";
import { isContradiction, mergeFacets } from "./merge.ts";
import { child, nodeKey, type SchemaNode, type SchemaObject } from "./node.ts";
import { readFacets, type Warn } from "./read.ts";
import { resolveRef } from "./refs.ts";

/** Pairs of oneOf alternatives that are compared before the comparison is given up. */
const MAX_COMPARISONS = 2000;

/**
 * Turns subschemas with $ref, allOf, anyOf and oneOf into alternatives without them: a value is valid if it fulfils one of
 * the alternatives. What contradicts itself is left out, so that no alternative left means no value.
 */
export class Combiner {
  readonly #warn: Warn;
  readonly #known = new Map<string, readonly Facets[]>();
  #work = 0;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** The alternatives for a value that must fulfil all of `nodes`; without nodes, for any value. */
  alternatives(nodes: readonly SchemaNode[]): readonly Facets[] {
    const [first, ...rest] = nodes;
    if (first === undefined) return [{ path: "#" }];
    const start = this.#of(first, []);
    return rest.reduce((found, node) => this.#cross(found, this.#of(node, [])), start);
  }

  #of(node: SchemaNode, trail: readonly string[]): readonly Facets[] {
    const key = nodeKey(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (trail.includes(key)) throw invalid(node.path, "it refers to itself without any value in between");
    if (trail.length > MAX_NESTING) throw schemaTooLarge(`more than ${MAX_NESTING} references in a row`);
    checkKeywords(node, this.#warn);
    const own = [readFacets(node, this.#warn)];
    const all =
      typeof node.schema === "boolean" ? own : this.#combined(node, node.schema, own, [...trail, key]);
    const found = all.filter((facets) => !isContradiction(facets));
    this.#known.set(key, found);
    return found;
  }

  #combined(node: SchemaNode, schema: SchemaObject, own: readonly Facets[], trail: readonly string[]) {
    let found = own;
    if (schema.$ref !== undefined) {
      found = this.#cross(found, this.#of(resolveRef(node, schema.$ref), trail));
    }
    for (const part of subschemas(node, schema, "allOf")) found = this.#cross(found, this.#of(part, trail));
    const some = subschemas(node, schema, "anyOf").map((part) => this.#of(part, trail));
    if (some.length > 0) found = this.#cross(found, some.flat());
    const one = subschemas(node, schema, "oneOf").map((part) => this.#of(part, trail));
    if (one.length > 0) found = this.#cross(found, one.flat());
    if (one.length > 0) this.checkOneOf(node, schema);
    return found;
  }

  #cross(left: readonly Facets[], right: readonly Facets[]): readonly Facets[] {
    this.#work += left.length * sizeOf(right) + right.length * sizeOf(left);
    if (this.#work > MAX_MERGE_WORK)
      throw schemaTooLarge("allOf, anyOf and oneOf combine to too many alternatives");
    const found = left
      .flatMap((a) => right.map((b) => mergeFacets(a, b)))
      .filter((facets) => !isContradiction(facets));
    if (found.length > MAX_ALTERNATIVES) {
      throw schemaTooLarge(`allOf, anyOf and oneOf combine to more than ${MAX_ALTERNATIVES} alternatives`);
    }
    return found;
  }

  /**
   * Warns where two alternatives of a oneOf cannot be proved to exclude each other: a grammar treats them as those of an
   * anyOf, which is the same thing only where no value fits two of them.
   */
  checkOneOf(node: SchemaNode, schema: SchemaObject): void {
    const options = subschemas(node, schema, "oneOf").map((part) => this.alternatives([part]));
    const pairs = options.flatMap((a, i) => options.slice(i + 1).map((b) => [a, b] as const));
    const alternatives = (nodes: readonly SchemaNode[]) => this.alternatives(nodes);
    const disjoint =
      pairs.length <= MAX_COMPARISONS && pairs.every(([a, b]) => areDisjoint(a, b, alternatives));
    if (!disjoint) this.#warn(`"oneOf" at ${node.path} is enforced as "anyOf": its alternatives may overlap`);
  }
}

const sizeOf = (alternatives: readonly Facets[]): number =>
  alternatives.reduce(
    (sum, { object, values }) => sum + 10 + (object?.properties.size ?? 0) + (values?.length ?? 0),
    0,
  );

/** The subschemas under `allOf`, `anyOf` or `oneOf`; none where the keyword is absent. */
export function subschemas(node: SchemaNode, schema: SchemaObject, keyword: string): SchemaNode[] {
  const list = schema[keyword];
  if (list === undefined) return [];
  if (!Array.isArray(list) || list.length === 0)
    throw invalid(node.path, `"${keyword}" must be a non-empty array`);
  return list.map((schema: unknown, i) => child(node, schema, keyword, i));
}
