import { formatValue } from "./format-value.ts";
import { type GoStruct, type GoValue, isKind, unboxed } from "./value.ts";

const NAMES: Record<string, string> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  array: "any[]",
  object: "Record<string, any>",
  null: "null",
};

const members = (property: GoStruct, field: string): readonly GoValue[] => {
  const value = unboxed(property.fields.get(field));
  return isKind(value, "list") ? value.items : [];
};

/**
 * `toTypeScriptType property`: the TypeScript type of one property of a tool's parameters, e.g. `string | null`
 * (docs/behaviour: modelfile §2). Anything but a property is `any`.
 */
export function typeScriptType(property: GoValue): string {
  const inner = unboxed(property);
  if (!isKind(inner, "struct")) return "any";
  const alternatives = members(inner, "AnyOf");
  if (alternatives.length > 0) return alternatives.map(typeScriptType).join(" | ");
  const types = members(inner, "Type").map((type) => NAMES[formatValue(type)] ?? "any");
  return types.length === 0 ? "any" : types.join(" | ");
}
