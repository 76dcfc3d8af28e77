import { Kind, type TObject, type TSchema, type TUnion } from "@sinclair/typebox";
import { isRecord } from "../../lib/is-record.ts";

export const isObjectSchema = (schema: TSchema): schema is TObject => schema[Kind] === "Object";

/** The schema of a map's values. */
export const memberOfMap = (map: TSchema): TSchema => Object.values<TSchema>(map.patternProperties)[0]!;

/** The schema of a field, or of an element of a list or a map. */
export function childSchema(schema: TSchema, name: string): TSchema | undefined {
  if (schema[Kind] === "Array") return schema.items;
  if (schema[Kind] === "Record") return memberOfMap(schema);
  return isObjectSchema(schema) && Object.hasOwn(schema.properties, name)
    ? schema.properties[name]
    : undefined;
}

/** May a field have this constant as its value? */
const isOneOf = (schema: TSchema | undefined, value: unknown): boolean =>
  schema?.const === value || (schema?.anyOf ?? []).some((option: TSchema) => option.const === value);

const needsNoType = ({ properties, required = [] }: TObject): boolean =>
  "type" in properties && !required.includes("type");

/**
 * The alternative that a value is meant to be, whether it is good or not: the only one but null, the only list, the only object, or
 * of several objects the one that has the value's `type`.
 *
 * @returns undefined where nobody can tell.
 */
export function meantMember({ anyOf }: TUnion, value: unknown): TSchema | undefined {
  const only = onlyOne(anyOf.filter((option) => option[Kind] !== "Null"));
  if (only !== undefined) return only;
  if (Array.isArray(value)) return onlyOne(anyOf.filter((option) => option[Kind] === "Array"));
  if (!isRecord(value)) return undefined;
  const objects = anyOf.filter(isObjectSchema);
  if (value.type === undefined) return onlyOne(objects) ?? onlyOne(objects.filter(needsNoType));
  return onlyOne(objects) ?? objects.find(({ properties }) => isOneOf(properties.type, value.type));
}

const onlyOne = (schemas: TSchema[]): TSchema | undefined => (schemas.length === 1 ? schemas[0] : undefined);
