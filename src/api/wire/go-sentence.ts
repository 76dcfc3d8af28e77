import { Kind, type TSchema } from "@sinclair/typebox";
import { isObjectSchema, memberOfMap } from "./schema-members.ts";

/** The kind of a JSON value, in the words of Go's errors. */
function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

const GO_TYPE = Symbol("Go type");

/** Gives a schema the name of a Go type for error texts, where it differs from the name of its kind. */
export const ofGoType = <T extends TSchema>(name: string, schema: T): T => ({ ...schema, [GO_TYPE]: name });

/** The Go type that a schema stands for. Objects carry its name as their title. */
function goType(schema: TSchema): string {
  const own: string | undefined = Reflect.get(schema, GO_TYPE);
  if (own !== undefined) return own;
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
      return `map[string]${goType(memberOfMap(schema))}`;
    case "Unknown":
      return "interface {}";
    default:
      return "string";
  }
}

/** Names of the fields on the way to a value; elements of lists and of maps have none. */
function fieldNames(root: TSchema, path: readonly string[]): string[] {
  const names: string[] = [];
  let schema = root;
  for (const part of path) {
    if (schema[Kind] === "Array") schema = schema.items;
    else if (schema[Kind] === "Record") schema = memberOfMap(schema);
    else {
      const field = isObjectSchema(schema) ? schema.properties[part] : undefined;
      if (field === undefined) break;
      names.push(part);
      schema = field;
    }
  }
  return names;
}

const isNumeric = (schema: TSchema): boolean => schema[Kind] === "Integer" || schema[Kind] === "Number";

/**
 * The text of Go's decoder about a value of the wrong type (docs/behaviour: api-native §1.2), such as `json: cannot unmarshal string into Go
 * struct field ChatRequest.stream of type bool`; and a similar text where Go has none.
 *
 * @param root schema of the whole request.
 * @param schema the schema that refuses the value at `path`.
 */
export function goSentence(root: TSchema, schema: TSchema, value: unknown, path: readonly string[]): string {
  const names = fieldNames(root, path);
  if (value === undefined) return `${names.join(".")} is required`;
  const type = goType(schema);
  if (isNumeric(schema) && typeof value === "number" && (type === "float64" || Number.isInteger(value))) {
    return `${names.join(".")} must be between ${schema.minimum} and ${schema.maximum}`;
  }
  const found = typeof value === "number" && type === "int" ? `number ${value}` : jsonKind(value);
  const target = path.length === 0 ? "value" : `struct field ${root.title}.${names.join(".")}`;
  return `json: cannot unmarshal ${found} into Go ${target} of type ${type}`;
}
