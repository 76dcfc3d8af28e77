import { encodeGoJson } from "../../lib/go-json.ts";
import { type GoStruct, type GoValue, goEntries, isGoTrue, unboxed } from "./value.ts";

const isEmpty = (value: GoValue): boolean => {
  const inner = unboxed(value);
  return (
    inner === undefined || (typeof inner === "object" && inner.kind === "struct" ? false : !isGoTrue(inner))
  );
};

function structMembers(struct: GoStruct): string[] {
  const members: string[] = [];
  for (const [field, value] of struct.fields) {
    const tag = struct.json.get(field);
    if (tag?.omitEmpty === true && isEmpty(value)) continue;
    members.push(`${encodeGoJson(tag?.name ?? field)}:${toGoJson(value)}`);
  }
  return members;
}

/**
 * A value as Go's `encoding/json` writes it: compact, `<`, `>` and `&` escaped, map keys sorted (unless the map keeps its order),
 * struct fields in declaration order.
 */
export function toGoJson(value: GoValue): string {
  const inner = unboxed(value);
  if (inner === undefined) return "null";
  if (typeof inner === "bigint") return inner.toString();
  if (typeof inner !== "object") return encodeGoJson(inner);
  switch (inner.kind) {
    case "interface":
      return toGoJson(inner);
    case "struct":
      return `{${structMembers(inner).join(",")}}`;
    case "list":
      if (inner.toJson !== undefined) return inner.toJson();
      return inner.isNil ? "null" : `[${inner.items.map(toGoJson).join(",")}]`;
    case "map": {
      if (inner.isNil) return "null";
      const members = goEntries(inner).map(([key, member]) => `${encodeGoJson(key)}:${toGoJson(member)}`);
      return `{${members.join(",")}}`;
    }
  }
}
