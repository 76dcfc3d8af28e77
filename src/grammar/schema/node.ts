import { MAX_NESTING } from "../limits.ts";
import { invalid, schemaTooLarge } from "../refusals.ts";

export type SchemaObject = Record<string, unknown>;

/** A schema that `$ref` pointers are looked up in. */
export interface SchemaDocument {
  readonly root: unknown;
  /** Tells apart the documents that share one grammar. */
  readonly id: number;
}

/** One subschema at its place. */
export interface SchemaNode {
  readonly document: SchemaDocument;
  readonly schema: SchemaObject | boolean;
  /** JSON pointer from the document's root, with a leading `#`. */
  readonly path: string;
}

export const isSchemaObject = (value: unknown): value is SchemaObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The subschema `value` at `path`. @throws AppError 400 where it is neither an object nor a boolean. */
export function schemaNode(document: SchemaDocument, value: unknown, path: string): SchemaNode {
  if (typeof value === "boolean" || isSchemaObject(value)) return { document, schema: value, path };
  throw invalid(path, "a schema must be an object or a boolean");
}

/** The subschema in `node` under the given keys. */
export function child(node: SchemaNode, value: unknown, ...keys: (string | number)[]): SchemaNode {
  return schemaNode(node.document, value, [node.path, ...keys.map(escapeKey)].join("/"));
}

export const escapeKey = (key: string | number): string =>
  String(key).replaceAll("~", "~0").replaceAll("/", "~1");

/** Equal for two ways to the same subschema. */
export const nodeKey = (node: SchemaNode): string => `${node.document.id}${node.path}`;

/** Refuses JSON so deep that walking it by recursion could exhaust the stack. */
export function checkNesting(schema: unknown): void {
  let level = [schema];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_NESTING) throw schemaTooLarge(`it is nested deeper than ${MAX_NESTING} levels`);
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
}
