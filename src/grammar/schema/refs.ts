import { invalid, unsupportedKeyword } from "../refusals.ts";
import { escapeKey, isSchemaObject, type SchemaNode, schemaNode } from "./node.ts";

/**
 * The subschema that `$ref` in `node` points to: a JSON pointer within the same document.
 * @throws AppError 400 for other documents, anchors, and pointers that lead nowhere.
 */
export function resolveRef(node: SchemaNode, ref: unknown): SchemaNode {
  if (typeof ref !== "string") throw invalid(node.path, '"$ref" must be a string');
  if (ref !== "#" && !ref.startsWith("#/")) {
    throw unsupportedKeyword(
      "$ref",
      node.path,
      `${JSON.stringify(ref)} is not a JSON pointer within this schema`,
    );
  }
  const keys = ref
    .split("/")
    .slice(1)
    .map((key) => unescapeKey(key, ref, node));
  let value: unknown = node.document.root;
  for (const key of keys) {
    value = step(value, key);
    if (value === undefined) throw invalid(node.path, `"$ref" ${JSON.stringify(ref)} leads nowhere`);
  }
  return schemaNode(node.document, value, ["#", ...keys.map(escapeKey)].join("/"));
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return isSchemaObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function unescapeKey(key: string, ref: string, node: SchemaNode): string {
  try {
    return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    throw invalid(node.path, `"$ref" ${JSON.stringify(ref)} is not a valid URI fragment`);
  }
}
