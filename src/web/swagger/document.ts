/** The parts of an OpenAPI document that the page reads. */

export interface DocumentExample {
  summary?: string;
  value?: unknown;
}

interface Media {
  examples?: Record<string, DocumentExample>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  description?: string;
  parameters?: { name: string; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

export interface OpenApiDocument {
  info: { description: string };
  servers?: unknown;
  /** Operations by path and method. */
  paths: Record<string, Record<string, Operation>>;
}

/** The document with every operation replaced by the result of `change`. */
export function mapOperations(
  document: OpenApiDocument,
  change: (operation: Operation, path: string) => Operation,
): OpenApiDocument {
  const paths = mapMembers(document.paths, (operations, path) =>
    mapMembers(operations, (operation) => change(operation, path)),
  );
  return { ...document, paths };
}

/** An operation with one more paragraph in its description. */
export const withParagraph = (operation: Operation, text: string): Operation => ({
  ...operation,
  description: [operation.description, text].filter(Boolean).join("\n\n"),
});

export const mapMembers = <From, To>(
  object: Record<string, From>,
  change: (member: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(object).map(([key, member]) => [key, change(member, key)]));
