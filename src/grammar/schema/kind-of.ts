import type { Json, Kind } from "./facets.ts";

/** The kind of a JSON value; 1.0 is an integer, as in JSON Schema. */
export function kindOf(value: Json): Kind {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "fraction";
  if (typeof value === "string") return "string";
  return Array.isArray(value) ? "array" : "object";
}
