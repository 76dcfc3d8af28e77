import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { isRecord } from "../../lib/is-record.ts";
import { NULL_ELEMENTS } from "./documented.ts";
import { isObjectSchema, memberOfMap } from "./schema-members.ts";

const VERBATIM = Symbol("verbatim");

/**
 * A field that Go keeps as it came, such as a map of options: its keys count as they are spelled, and null is a value. A field with
 * alternatives is kept like that too, because Go reads it into `any`.
 */
export const verbatim = <T extends TSchema>(schema: T): T => ({ ...schema, [VERBATIM]: true });

export const isVerbatim = (schema: TSchema): boolean => VERBATIM in schema;

/** Go's zero values, which stand in a list where the JSON has null; kinds that are absent here have none. */
const ZEROS: Record<string, () => unknown> = {
  String: () => "",
  Boolean: () => false,
  Integer: () => 0,
  Number: () => 0,
  Array: () => [],
  Object: () => ({}),
  Record: () => ({}),
};

/** Defines own properties, so that a key `__proto__` is data like any other. */
function setOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

interface Names {
  byLowerCase: ReadonlyMap<string, string>;
  /** Length of the longest, beyond which no key needs to be looked up. */
  longest: number;
}

const NAMES = new WeakMap<TObject, Names>();

function namesOf(schema: TObject): Names {
  const known = NAMES.get(schema);
  if (known !== undefined) return known;
  const names = Object.keys(schema.properties);
  const made = {
    byLowerCase: new Map(names.map((name) => [name.toLowerCase(), name])),
    longest: Math.max(0, ...names.map(({ length }) => length)),
  };
  NAMES.set(schema, made);
  return made;
}

/** The schema's spelling of a key: keys match whatever their case, an exact match first. Undefined for an unknown key. */
function fieldName(schema: TObject, key: string): string | undefined {
  if (Object.hasOwn(schema.properties, key)) return key;
  const { byLowerCase, longest } = namesOf(schema);
  return key.length > longest ? undefined : byLowerCase.get(key.toLowerCase());
}

/** Null leaves a field unset, and of several spellings of one key the last wins; unknown keys stay, for a warning. */
function normaliseFields(schema: TObject, fields: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(fields)) {
    const name = fieldName(schema, key);
    if (name === undefined) continue;
    // Not what an earlier spelling has put there meanwhile.
    if (name !== key || fields[key] === null) delete fields[key];
    if (value !== null) setOwn(fields, name, normalise(schema.properties[name]!, value));
  }
}

const normaliseMember = (schema: TSchema, value: unknown): unknown =>
  value === null ? (ZEROS[schema[Kind]]?.() ?? null) : normalise(schema, value);

/**
 * Does to a JSON value what Go's decoder does when it reads it into a struct (docs/behaviour: api-native §1.2): keys match in any case, null
 * is a field that was not set, and in a list the zero value. The value is not validated.
 *
 * @param value is changed in place.
 */
export function normalise(schema: TSchema, value: unknown): unknown {
  if (isVerbatim(schema)) return value;
  if (schema[Kind] === "Array" && Array.isArray(value)) {
    const normaliseItem = NULL_ELEMENTS in schema ? normaliseMember : normalise;
    for (const [at, item] of value.entries()) value[at] = normaliseItem(schema.items, item);
  } else if (schema[Kind] === "Record" && isRecord(value)) {
    const member = memberOfMap(schema);
    for (const key of Object.keys(value)) setOwn(value, key, normaliseMember(member, value[key]));
  } else if (isObjectSchema(schema) && isRecord(value)) normaliseFields(schema, value);
  return value;
}
