import { NULL_ELEMENTS, REQUEST, type RequestKeyword } from "../../api/wire/documented.ts";
import { isRecord } from "../../lib/is-record.ts";

type Json = unknown;
type JsonObject = Record<string, Json>;

const mapMembers = (object: JsonObject, map: (member: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, member]) => [key, map(member, key)]));

const isNull = (schema: Json): boolean => isRecord(schema) && schema.type === "null";
const isConstant = (schema: Json): schema is JsonObject & { const: Json } =>
  isRecord(schema) && "const" in schema;

/** Null and nothing else, as OpenAPI 3.0 can say it. */
const ONLY_NULL = { type: "object", nullable: true, enum: [null] };

/** The name of a model, which is an object with a title: a reference takes its place. */
export const modelName = (schema: Json): string | undefined =>
  isRecord(schema) && schema.type === "object" && typeof schema.title === "string" ? schema.title : undefined;

/**
 * OpenAPI 3.0 has `nullable` beside a type only, and counts null among the values of an enumeration. Nothing stands beside a reference:
 * that a model may be null in one place is no property of the model.
 */
function nullable(schema: Json): Json {
  if (!isRecord(schema) || schema.nullable === true) return schema;
  if (modelName(schema) !== undefined) return { description: schema.description, anyOf: [schema, ONLY_NULL] };
  if ("not" in schema) {
    const { not: _, ...rest } = schema;
    return { ...rest, ...ONLY_NULL };
  }
  if (Array.isArray(schema.anyOf)) {
    const at = schema.anyOf.findIndex(
      (option) => isRecord(option) && "type" in option && !("enum" in option) && !("title" in option),
    );
    if (at === -1) return { ...schema, anyOf: [...schema.anyOf, ONLY_NULL] };
    return {
      ...schema,
      anyOf: schema.anyOf.map((option, index) => (index === at ? nullable(option) : option)),
    };
  }
  if (!("type" in schema)) return schema;
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, ...values, nullable: true };
}

/** `anyOf` of constants is an enumeration, and null among alternatives makes them nullable. */
function convertAlternatives({ anyOf, ...rest }: JsonObject, schemas: Json[]): Json {
  const alternatives = schemas.filter((schema) => !isNull(schema));
  const constants = alternatives.filter(isConstant).map((schema) => schema.const);
  const others = alternatives.filter((schema) => !isConstant(schema)).map(toOpenApiSchema);
  const joined = constants.length > 0 ? [...others, { type: typeof constants[0], enum: constants }] : others;
  const [only] = joined;
  const converted = joined.length === 1 && isRecord(only) ? { ...only, ...rest } : { ...rest, anyOf: joined };
  return alternatives.length < schemas.length ? nullable(converted) : converted;
}

function convertConstant({ const: value, ...rest }: JsonObject & { const: Json }): Json {
  return { ...rest, enum: [value] };
}

/** A map's member schema stands in `patternProperties`, which OpenAPI 3.0 does not have. */
function convertMap({ patternProperties, ...rest }: JsonObject, members: object): Json {
  return { ...rest, additionalProperties: toOpenApiSchema(Object.values(members)[0]) };
}

/** In a request null stands for an absent value: in its fields, and in place of the whole request if no field is required. */
function convertRequest({ [REQUEST]: keyword, ...schema }: JsonObject, properties: JsonObject): Json {
  const validated = Array.isArray(schema.required) ? schema.required : [];
  const required = [...new Set([...(keyword as RequestKeyword).required, ...validated])];
  const fields = mapMembers(properties, (field, name) => {
    const converted = toOpenApiSchema(field);
    return required.includes(name) ? converted : nullable(converted);
  });
  return {
    ...schema,
    ...(required.length > 0 ? { required } : { nullable: true }),
    properties: fields,
  };
}

/** Null stands for an empty element, except among alternatives, and for an object that requires some of its fields. */
function convertList({ [NULL_ELEMENTS]: _, items, ...list }: JsonObject): Json {
  const element = toOpenApiSchema(items);
  const hasEmpty = isRecord(element) && !("anyOf" in element) && element.required === undefined;
  return { ...convertPlain(list), items: hasEmpty ? nullable(element) : element };
}

/**
 * OpenAPI 3.0 does not have `contains`; descriptions say it. Elysia forbids unknown fields in the schemas of replies when it compiles
 * them; clients must accept them all the same.
 */
function convertPlain({ properties, additionalProperties, contains: _, ...rest }: JsonObject): JsonObject {
  return {
    ...mapMembers(rest, toOpenApiSchema),
    ...(isRecord(properties) && { properties: mapMembers(properties, toOpenApiSchema) }),
    ...(additionalProperties ? { additionalProperties: toOpenApiSchema(additionalProperties) } : {}),
  };
}

/**
 * A JSON Schema as TypeBox writes it, in the subset that OpenAPI 3.0 has: no `const`, no `null` type, no `patternProperties`.
 * The keywords of api/wire/documented.ts take effect and disappear.
 */
export function toOpenApiSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toOpenApiSchema);
  if (!isRecord(schema)) return schema;
  const { anyOf, patternProperties, properties } = schema;
  if (NULL_ELEMENTS in schema) return convertList(schema);
  if (REQUEST in schema && isRecord(properties)) return convertRequest(schema, properties);
  if (Array.isArray(anyOf)) return convertAlternatives(schema, anyOf);
  if (isRecord(patternProperties)) return convertMap(schema, patternProperties);
  if (isConstant(schema)) return convertConstant(schema);
  return convertPlain(schema);
}
