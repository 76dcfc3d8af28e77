import { Kind, type TSchema } from "@sinclair/typebox";

function strictValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strictValue);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(
    Reflect.ownKeys(value).map((key) => [key, strictValue(Reflect.get(value, key))]),
  );
  const closes = Reflect.get(value, Kind) === "Object" && !("additionalProperties" in value);
  return closes ? { ...copy, additionalProperties: false } : copy;
}

/** The schema with no fields allowed but those that it names, where it does not say that others are. */
export const strictSchema = (schema: TSchema): TSchema => strictValue(schema) as TSchema;
