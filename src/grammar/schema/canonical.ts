import type { Json } from "./facets.ts";

/** A text that is the same for equal JSON values: the order of keys does not count. */
export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
