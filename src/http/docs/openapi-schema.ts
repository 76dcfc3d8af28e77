type Json = unknown;

const isRecord = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNull = (schema: Json): boolean => isRecord(schema) && schema.type === "null";
const isConstant = (schema: Json): schema is { const: Json } => isRecord(schema) && "const" in schema;

/** `anyOf` of constants is an enumeration, and null among alternatives makes them nullable. */
function convertAlternatives({ anyOf, ...rest }: Record<string, Json>, schemas: Json[]): Json {
  const alternatives = schemas.filter((schema) => !isNull(schema));
  const nullable = alternatives.length < schemas.length ? { nullable: true } : {};
  const constants = alternatives.filter(isConstant).map((schema) => schema.const);
  const others = alternatives.filter((schema) => !isConstant(schema)).map(toOpenApiSchema);
  const joined = constants.length > 0 ? [...others, { type: typeof constants[0], enum: constants }] : others;
  const [only] = joined;
  if (joined.length === 1 && isRecord(only)) return { ...only, ...rest, ...nullable };
  return { ...rest, ...nullable, anyOf: joined };
}

/** A map's member schema stands in `patternProperties`, which OpenAPI 3.0 does not have. */
function convertMap({ patternProperties, ...rest }: Record<string, Json>, members: object): Json {
  return { ...rest, additionalProperties: toOpenApiSchema(Object.values(members)[0]) };
}

/**
 * A JSON Schema as TypeBox writes it, in the subset that OpenAPI 3.0 has: no `const`, no `null` type, no `patternProperties`.
 */
export function toOpenApiSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toOpenApiSchema);
  if (!isRecord(schema)) return schema;
  const { anyOf, patternProperties } = schema;
  if (Array.isArray(anyOf)) return convertAlternatives(schema, anyOf);
  if (isRecord(patternProperties)) return convertMap(schema, patternProperties);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, toOpenApiSchema(value)]));
}
