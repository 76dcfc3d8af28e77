import { defined, ifDefined } from "../../lib/defined.ts";
import { numberFormat, stringFormat } from "../formats.ts";
import { MAX_COUNT, MAX_OBJECT_STATES } from "../limits.ts";
import { invalid, schemaTooLarge } from "../refusals.ts";
import { decimalPlaces, tighter } from "./bounds.ts";
import { canonicalJson } from "./canonical.ts";
import {
  ALL_KINDS,
  type ArrayFacets,
  type Facets,
  type Json,
  type Kind,
  type NumberFacets,
  type ObjectFacets,
  type StringFacets,
} from "./facets.ts";
import { KeywordValues } from "./keyword-values.ts";
import { child, type SchemaNode } from "./node.ts";

export type Warn = (message: string) => void;

/** The constraints of one schema object by itself, without its $ref, allOf, anyOf and oneOf. */
export function readFacets(node: SchemaNode, warn: Warn): Facets {
  const facets: Facets = { path: node.path };
  if (node.schema === true) return facets;
  if (node.schema === false) return { ...facets, kinds: new Set() };
  const keywords = new KeywordValues(node, node.schema);
  const kinds = readKinds(node, keywords, warn);
  const values = readValues(keywords);
  const string = readString(node, keywords, warn);
  const number = readNumber(node, keywords, warn);
  const object = readObject(node, keywords, warn);
  const array = readArray(node, keywords, warn);
  return {
    ...facets,
    ...defined({ kinds, values, string, number, object, array }),
  };
}

const KINDS: Record<string, readonly Kind[]> = {
  null: ["null"],
  boolean: ["boolean"],
  integer: ["integer"],
  number: ["integer", "fraction"],
  string: ["string"],
  array: ["array"],
  object: ["object"],
};

/** `type`, and OpenAPI 3.0's `nullable` beside it. */
function readKinds(node: SchemaNode, keywords: KeywordValues, warn: Warn): ReadonlySet<Kind> | undefined {
  const type = keywords.raw("type");
  const nullable = keywords.flag("nullable") === true;
  if (type === undefined) {
    if (nullable) warn(`"nullable" at ${node.path} has no effect without "type"`);
    return undefined;
  }
  const kinds = (Array.isArray(type) ? type : [type]).flatMap((name: unknown) => {
    const known = typeof name === "string" && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (known === undefined) throw invalid(node.path, `unknown "type" ${JSON.stringify(name)}`);
    return known;
  });
  if (kinds.length === 0) throw invalid(node.path, '"type" must not be empty');
  const set = new Set<Kind>(nullable ? [...kinds, "null"] : kinds);
  return set.size === ALL_KINDS.length ? undefined : set;
}

/** Schemas come out of JSON, so every value in them is JSON. */
const isJson = (value: unknown): value is Json => value !== undefined;

function readValues(keywords: KeywordValues): readonly Json[] | undefined {
  const listed = keywords.list("enum")?.filter(isJson);
  const constant = keywords.raw("const");
  if (!isJson(constant)) return listed;
  return listed === undefined
    ? [constant]
    : listed.filter((value) => canonicalJson(value) === canonicalJson(constant));
}

/** A maximum past our limits is reported and dropped, a minimum past them refused. */
function readLimits(
  node: SchemaNode,
  keywords: KeywordValues,
  what: string,
  warn: Warn,
): { min: number; max: number } {
  const min = keywords.count(`min${what}`) ?? 0;
  const max = keywords.count(`max${what}`) ?? Number.POSITIVE_INFINITY;
  if (min > MAX_COUNT) throw schemaTooLarge(`"min${what}" at ${node.path} is more than ${MAX_COUNT}`);
  if (max === Number.POSITIVE_INFINITY || max <= MAX_COUNT) return { min, max };
  warn(`"max${what}" at ${node.path} is more than ${MAX_COUNT} and is not enforced`);
  return { min, max: Number.POSITIVE_INFINITY };
}

function readString(node: SchemaNode, keywords: KeywordValues, warn: Warn): StringFacets | undefined {
  const { path } = node;
  const patterns: { source: string; keyword: string; path: string }[] = [];
  const pattern = keywords.text("pattern");
  if (pattern !== undefined) patterns.push({ source: pattern, keyword: "pattern", path });
  const format = keywords.text("format");
  const known = format === undefined ? undefined : stringFormat(format);
  if (known !== undefined) patterns.push({ source: known.pattern, keyword: "format", path });
  else if (format !== undefined && numberFormat(format) === undefined) {
    warn(`"format" ${JSON.stringify(format)} at ${path} is not enforced`);
  }
  if (patterns.length === 0 && !keywords.has("minLength", "maxLength")) return undefined;
  const { min, max } = readLimits(node, keywords, "Length", warn);
  return { minLength: min, maxLength: Math.min(max, known?.maxLength ?? max), patterns };
}

function readNumber(node: SchemaNode, keywords: KeywordValues, warn: Warn): NumberFacets | undefined {
  const facets: NumberFacets = { multiples: [] };
  const format = numberFormat(keywords.text("format") ?? "");
  if (format !== undefined) {
    if (Number.isFinite(format[0])) facets.lower = { value: format[0], exclusive: false };
    if (Number.isFinite(format[1])) facets.upper = { value: format[1], exclusive: false };
  }
  if (
    format === undefined &&
    !keywords.has("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
  ) {
    return undefined;
  }
  const lower = [facets.lower, ...readBounds(keywords, "minimum", "exclusiveMinimum")].reduce(
    tighter("lower"),
  );
  const upper = [facets.upper, ...readBounds(keywords, "maximum", "exclusiveMaximum")].reduce(
    tighter("upper"),
  );
  const multiple = keywords.number("multipleOf");
  if (multiple !== undefined && multiple <= 0) throw invalid(node.path, '"multipleOf" must be more than 0');
  if (multiple !== undefined && decimalPlaces(multiple) === undefined)
    warn(`"multipleOf" at ${node.path} is not enforced`);
  return {
    ...defined({ lower, upper }),
    multiples: multiple === undefined ? [] : [multiple],
  };
}

/** JSON Schema draft 4 and OpenAPI 3.0 write the exclusive keyword as a flag beside the inclusive one. */
function readBounds(keywords: KeywordValues, inclusive: string, exclusive: string) {
  const flag = keywords.raw(exclusive);
  const value = keywords.number(inclusive);
  const bounds = value === undefined ? [] : [{ value, exclusive: flag === true }];
  if (typeof flag === "boolean") return bounds;
  const strict = keywords.number(exclusive);
  return strict === undefined ? bounds : [...bounds, { value: strict, exclusive: true }];
}

function readObject(node: SchemaNode, keywords: KeywordValues, warn: Warn): ObjectFacets | undefined {
  if (
    !keywords.has(
      "properties",
      "required",
      "additionalProperties",
      "propertyNames",
      "minProperties",
      "maxProperties",
    )
  ) {
    return undefined;
  }
  const properties = Object.entries(keywords.map("properties") ?? {});
  const required = keywords.texts("required") ?? [];
  if (properties.length + required.length > MAX_OBJECT_STATES)
    throw schemaTooLarge(`more than ${MAX_OBJECT_STATES} properties at ${node.path}`);
  const additional = keywords.raw("additionalProperties");
  const names = keywords.raw("propertyNames");
  return {
    properties: new Map(
      properties.map(([name, schema]) => [name, [child(node, schema, "properties", name)]]),
    ),
    required: new Set(required),
    ...defined({ additional: ifDefined(additional, (each) => [child(node, each, "additionalProperties")]) }),
    names: names === undefined ? [] : [child(node, names, "propertyNames")],
    ...readLimits(node, keywords, "Properties", warn),
  };
}

/** Both ways to write tuples: `prefixItems` with `items`, and the older `items` list with `additionalItems`. */
function readArray(node: SchemaNode, keywords: KeywordValues, warn: Warn): ArrayFacets | undefined {
  if (!keywords.has("items", "prefixItems", "minItems", "maxItems", "uniqueItems")) return undefined;
  const items = keywords.raw("items");
  const older = Array.isArray(items);
  const prefix = older ? items : (keywords.list("prefixItems") ?? []);
  const rest = older ? keywords.raw("additionalItems") : items;
  if (keywords.flag("uniqueItems") === true) warn(`"uniqueItems" at ${node.path} is not enforced`);
  const { min, max } = readLimits(node, keywords, "Items", warn);
  return {
    prefix: prefix.map((schema: unknown, i: number) => [
      child(node, schema, older ? "items" : "prefixItems", i),
    ]),
    ...defined({ rest: ifDefined(rest, (each) => [child(node, each, older ? "additionalItems" : "items")]) }),
    ...(keywords.has("minItems") && { min }),
    max,
    unique: keywords.flag("uniqueItems") === true,
  };
}
