import { codePointCount } from "../../lib/code-points.ts";
import { matches } from "../automaton/dfa.ts";
import type { StringAutomata } from "../values/string-automata.ts";
import { decimalPlaces, isWithin } from "./bounds.ts";
import { canonicalJson, isList } from "./canonical.ts";
import type { ArrayFacets, Facets, Json, NumberFacets, ObjectFacets, StringFacets } from "./facets.ts";
import { kindOf } from "./kind-of.ts";
import { itemNodes, propertyNodes } from "./merge.ts";
import type { SchemaNode } from "./node.ts";

type Fits = (nodes: readonly SchemaNode[], part: Json) => boolean;

/**
 * Tells which values fulfil constraints, by JSON Schema's own rules. Used to keep only the valid values of an enum, whose
 * other constraints are then settled.
 */
export class Validator {
  readonly #alternatives: (nodes: readonly SchemaNode[]) => readonly Facets[];
  readonly #automata: StringAutomata;

  constructor(alternatives: (nodes: readonly SchemaNode[]) => readonly Facets[], automata: StringAutomata) {
    this.#alternatives = alternatives;
    this.#automata = automata;
  }

  /** The values out of `facets.values` that fulfil the rest of `facets`. */
  listed(facets: Facets): readonly Json[] {
    const { values, ...rest } = facets;
    return (values ?? []).filter((value) => this.accepts(rest, value));
  }

  accepts(facets: Facets, value: Json): boolean {
    const { kinds, values, string, number, object, array } = facets;
    if (kinds !== undefined && !kinds.has(kindOf(value))) return false;
    if (values?.every((known) => canonicalJson(known) !== canonicalJson(value))) return false;
    if (typeof value === "string") return string === undefined || this.#string(string, value);
    if (typeof value === "number") return number === undefined || acceptsNumber(number, value);
    if (typeof value !== "object" || value === null) return true;
    if (isList(value)) return array === undefined || acceptsArray(array, value, this.#fits);
    return object === undefined || acceptsObject(object, value, this.#fits);
  }

  readonly #fits: Fits = (nodes, part) =>
    nodes.length === 0 || this.#alternatives(nodes).some((each) => this.accepts(each, part));

  #string(facets: StringFacets, value: string): boolean {
    const length = codePointCount(value);
    if (length < facets.minLength || length > facets.maxLength) return false;
    const [first, ...rest] = facets.patterns;
    return first === undefined || matches(this.#automata.of([first, ...rest]), value);
  }
}

function acceptsNumber(facets: NumberFacets, value: number): boolean {
  const { lower, upper, multiples } = facets;
  return isWithin(value, lower, upper) && multiples.every((step) => isMultiple(value, step));
}

/** Steps like 0.01 are compared as decimal texts, since their quotients are inexact in binary. */
function isMultiple(value: number, step: number): boolean {
  const places = decimalPlaces(step);
  return places === undefined ? Number.isInteger(value / step) : Number(value.toFixed(places)) === value;
}

function acceptsArray(facets: ArrayFacets, value: readonly Json[], fits: Fits): boolean {
  if (value.length < (facets.min ?? 0) || value.length > facets.max) return false;
  if (facets.unique && new Set(value.map(canonicalJson)).size < value.length) return false;
  return value.every((item, i) => fits(itemNodes(facets, i), item));
}

function acceptsObject(facets: ObjectFacets, value: { readonly [key: string]: Json }, fits: Fits): boolean {
  const entries = Object.entries(value);
  if (entries.length < facets.min || entries.length > facets.max) return false;
  if (![...facets.required].every((name) => Object.hasOwn(value, name))) return false;
  return entries.every(([name, part]) => fits(propertyNodes(facets, name), part) && fits(facets.names, name));
}
