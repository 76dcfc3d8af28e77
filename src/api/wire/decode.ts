import { Kind, type Static, type TObject, type TSchema } from "@sinclair/typebox";
import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";

/**
 * A field whose Go type decodes itself. It sees every value but null, and throws AppError with its own text or the usual one,
 * which `mismatch` makes for the Go type that it is given.
 */
export type FieldDecoder = (value: unknown, mismatch: (goType: string) => Error) => unknown;

const DECODER = Symbol("field decoder");

/** Gives a schema its own decoder; the schema goes on describing the field in the OpenAPI document. */
export const decodedBy = <T extends TSchema>(schema: T, decoder: FieldDecoder): T => ({
  ...schema,
  [DECODER]: decoder,
});

interface Place {
  /** Name of the request's type in Go, e.g. `ChatRequest`. */
  root: string;
  /** Names of the fields from the root to here; list elements have none. */
  path: string[];
}

/** What Go's decoder calls a JSON value in an error. */
function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

const memberSchema = (record: TSchema): TSchema => Object.values<TSchema>(record.patternProperties)[0]!;

/** The Go type that a schema stands for. Objects carry its name as their title. */
function goType(schema: TSchema): string {
  switch (schema[Kind]) {
    case "Boolean":
      return "bool";
    case "Integer":
      return "int";
    case "Number":
      return "float64";
    case "Array":
      return `[]${goType(schema.items)}`;
    case "Object":
      return `api.${schema.title}`;
    case "Record":
      return `map[string]${goType(memberSchema(schema))}`;
    case "Unknown":
      return "interface {}";
    default:
      return "string";
  }
}

function mismatch(type: string, value: unknown, { root, path }: Place): Error {
  const found = typeof value === "number" && type === "int" ? `number ${value}` : jsonKind(value);
  const target = path.length === 0 ? "value" : `struct field ${root}.${path.join(".")}`;
  return badRequest(`json: cannot unmarshal ${found} into Go ${target} of type ${type}`);
}

/** What Go leaves in a list where the JSON has null. */
function zero(schema: TSchema): unknown {
  const values: Record<string, unknown> = {
    Boolean: false,
    Integer: 0,
    Number: 0,
    Array: [],
    Object: {},
    Record: {},
  };
  return values[schema[Kind]] ?? "";
}

const decodeElement = (schema: TSchema, value: unknown, place: Place): unknown =>
  value === null && schema[Kind] !== "Unknown" ? zero(schema) : decodeValue(schema, value, place);

// fromEntries defines own properties, so that a key `__proto__` is data like any other.
const mapValues = (value: Record<string, unknown>, map: (member: unknown) => unknown): unknown =>
  Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));

function decodeValue(schema: TSchema, value: unknown, place: Place): unknown {
  const fail = (type = goType(schema)) => mismatch(type, value, place);
  const own: FieldDecoder | undefined = Reflect.get(schema, DECODER);
  if (own !== undefined) return own(value, fail);
  switch (schema[Kind]) {
    case "String":
    case "Boolean":
    case "Number":
      if (typeof value !== schema.type) throw fail();
      return value;
    case "Integer":
      if (!Number.isInteger(value)) throw fail();
      return value;
    case "Array":
      if (!Array.isArray(value)) throw fail();
      return value.map((item) => decodeElement(schema.items, item, place));
    case "Record":
      if (!isRecord(value)) throw fail();
      return mapValues(value, (member) => decodeElement(memberSchema(schema), member, place));
    case "Object":
      if (!isRecord(value)) throw fail();
      return decodeFields(schema as TObject, value, place);
    default:
      return value;
  }
}

/** The schema's spelling of a key: keys match whatever their case, an exact match first. */
function fieldName(schema: TObject, key: string): string {
  if (Object.hasOwn(schema.properties, key)) return key;
  const folded = key.toLowerCase();
  return Object.keys(schema.properties).find((name) => name.toLowerCase() === folded) ?? key;
}

/** Null leaves a field unset, and of several spellings of one key the last wins; unknown keys are kept for a warning. */
function decodeFields(schema: TObject, value: Record<string, unknown>, place: Place): unknown {
  const fields = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const name = fieldName(schema, key);
    const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (field === undefined) return [[key, member]];
    if (member === null) return [];
    return [[name, decodeValue(field, member, { root: place.root, path: [...place.path, name] })]];
  });
  return Object.fromEntries(fields);
}

/**
 * Reads a request's JSON value as Go would read it into the struct that `schema` describes (spec: api-native §1.2).
 *
 * @param schema its `title` is the Go name of the type, which error texts contain.
 * @param value any JSON value; null is a request in which nothing is set.
 * @throws AppError `bad_request` such as
 *   `json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool`.
 */
export function decodeRequest<T extends TObject>(schema: T, value: unknown): Static<T> {
  const root = schema.title ?? "";
  return decodeValue(schema, value ?? {}, { root, path: [] }) as Static<T>;
}

/**
 * The keys of a decoded request that its schema does not know, as dotted paths without list positions, each once.
 * Ollama ignores such fields silently; llamero says so in a `Warning` header.
 */
export function unknownFields(schema: TObject, value: object, prefix = ""): string[] {
  const found = Object.entries(value).flatMap(([key, member]) => {
    const field = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (field === undefined) return [`${prefix}${key}`];
    const [inner, members] = field[Kind] === "Array" ? [field.items, member] : [field, [member]];
    if (inner[Kind] !== "Object" || !Array.isArray(members)) return [];
    return members.filter(isRecord).flatMap((item) => unknownFields(inner, item, `${prefix}${key}.`));
  });
  return [...new Set(found)];
}
