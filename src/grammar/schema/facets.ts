import type { SchemaNode } from "./node.ts";

/** JSON's types, with numbers split so that `integer` and `number` are sets of them. */
export type Kind = "null" | "boolean" | "integer" | "fraction" | "string" | "array" | "object";

export const ALL_KINDS: readonly Kind[] = [
  "null",
  "boolean",
  "integer",
  "fraction",
  "string",
  "array",
  "object",
];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Bound {
  value: number;
  exclusive: boolean;
}

export interface StringFacets {
  minLength: number;
  maxLength: number;
  patterns: readonly Pattern[];
}

/** A pattern with the keyword and place to name when it cannot be expressed. */
export interface Pattern {
  source: string;
  keyword: string;
  path: string;
}

export interface NumberFacets {
  lower?: Bound;
  upper?: Bound;
  multiples: readonly number[];
}

/** Lists of nodes are conjunctions: a value must fulfil all of them. */
export interface ObjectFacets {
  properties: ReadonlyMap<string, readonly SchemaNode[]>;
  required: ReadonlySet<string>;
  /** For properties not in the map. Undefined where no schema says anything about them. */
  additional?: readonly SchemaNode[];
  /** For the names of all properties. */
  names: readonly SchemaNode[];
  min: number;
  max: number;
}

export interface ArrayFacets {
  prefix: readonly (readonly SchemaNode[])[];
  /** For items after the prefix. Undefined where no schema says anything about them. */
  rest?: readonly SchemaNode[];
  min?: number;
  max: number;
  unique: boolean;
}

/** A conjunction of constraints without alternatives: what one schema, or several under allOf, demand of a value. */
export interface Facets {
  /** The place to name in messages. */
  path: string;
  /** Undefined where no `type` is given. */
  kinds?: ReadonlySet<Kind>;
  /** From enum and const. */
  values?: readonly Json[];
  string?: StringFacets;
  number?: NumberFacets;
  object?: ObjectFacets;
  array?: ArrayFacets;
}

/**
 * The kinds a value may have. Without `type`, keywords that speak of one kind stand for it, as schema authors mean them:
 * `{"properties": …}` is an object although JSON Schema would let any string pass.
 */
export function kindsOf(facets: Facets): ReadonlySet<Kind> {
  if (facets.kinds !== undefined) return facets.kinds;
  const implied: Kind[] = [];
  if (facets.number !== undefined) implied.push("integer", "fraction");
  if (facets.string !== undefined) implied.push("string");
  if (facets.array !== undefined) implied.push("array");
  if (facets.object !== undefined) implied.push("object");
  return new Set(implied.length === 0 || facets.values !== undefined ? ALL_KINDS : implied);
}
