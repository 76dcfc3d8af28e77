import { defined } from "../../lib/defined.ts";
import { tighter } from "./bounds.ts";
import { canonicalJson } from "./canonical.ts";
import {
  type ArrayFacets,
  type Facets,
  type Json,
  kindsOf,
  type NumberFacets,
  type ObjectFacets,
  type StringFacets,
} from "./facets.ts";
import type { SchemaNode } from "./node.ts";

type Nodes = readonly SchemaNode[];

/** The conditions of both schemas together. Contradictions stay in it, and are found when it is used. */
export function mergeFacets(a: Facets, b: Facets): Facets {
  const kinds = both(a.kinds, b.kinds, (x, y) => new Set([...x].filter((kind) => y.has(kind))));
  const values = both(a.values, b.values, (x, y) => common(x, y));
  const string = both(a.string, b.string, mergeStrings);
  const number = both(a.number, b.number, mergeNumbers);
  const object = both(a.object, b.object, mergeObjects);
  const array = both(a.array, b.array, mergeArrays);
  return {
    path: a.path,
    ...defined({ kinds, values, string, number, object, array }),
  };
}

/** Are there no kinds or values left? Merging further can only leave less. */
export const isContradiction = (facets: Facets): boolean =>
  kindsOf(facets).size === 0 || facets.values?.length === 0;

function common(a: readonly Json[], b: readonly Json[]): readonly Json[] {
  const texts = new Set(b.map(canonicalJson));
  return a.filter((value) => texts.has(canonicalJson(value)));
}

function both<T>(a: T | undefined, b: T | undefined, merge: (a: T, b: T) => T): T | undefined {
  return a === undefined || b === undefined ? (a ?? b) : merge(a, b);
}

function mergeStrings(a: StringFacets, b: StringFacets): StringFacets {
  return {
    minLength: Math.max(a.minLength, b.minLength),
    maxLength: Math.min(a.maxLength, b.maxLength),
    patterns: [...a.patterns, ...b.patterns],
  };
}

function mergeNumbers(a: NumberFacets, b: NumberFacets): NumberFacets {
  const lower = tighter("lower")(a.lower, b.lower);
  const upper = tighter("upper")(a.upper, b.upper);
  return {
    ...defined({ lower, upper }),
    multiples: [...a.multiples, ...b.multiples],
  };
}

/** The nodes of `facets` for the property `name`. */
export const propertyNodes = (facets: ObjectFacets, name: string): Nodes =>
  facets.properties.get(name) ?? facets.additional ?? [];

/** The nodes of `facets` for the item at `index`. */
export const itemNodes = (facets: ArrayFacets, index: number): Nodes =>
  facets.prefix[index] ?? facets.rest ?? [];

function mergeObjects(a: ObjectFacets, b: ObjectFacets): ObjectFacets {
  const names = new Set([...a.properties.keys(), ...b.properties.keys()]);
  const additional = both(a.additional, b.additional, (x, y) => [...x, ...y]);
  return {
    properties: new Map(
      [...names].map((name) => [name, [...propertyNodes(a, name), ...propertyNodes(b, name)]]),
    ),
    required: a.required.union(b.required),
    ...defined({ additional }),
    names: [...a.names, ...b.names],
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
  };
}

function mergeArrays(a: ArrayFacets, b: ArrayFacets): ArrayFacets {
  const length = Math.max(a.prefix.length, b.prefix.length);
  const rest = both(a.rest, b.rest, (x, y) => [...x, ...y]);
  const min = both(a.min, b.min, Math.max);
  return {
    prefix: Array.from({ length }, (_, i) => [...itemNodes(a, i), ...itemNodes(b, i)]),
    ...defined({ rest, min }),
    max: Math.min(a.max, b.max),
    unique: a.unique || b.unique,
  };
}
