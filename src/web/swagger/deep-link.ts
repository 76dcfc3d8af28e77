import type { OpenApiDocument } from "./document.ts";

const pascal = (part: string): string => `${part.charAt(0).toUpperCase()}${part.slice(1)}`;

/** `postApiChat` of POST /api/chat: how Elysia would call it. */
const elysiaName = (method: string, path: string): string =>
  `${method}${path
    .split(/[^a-zA-Z0-9]+/)
    .map(pascal)
    .join("")}`;

/** Decodes percent encoding; a text with an invalid one stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The address of an operation as Swagger UI knows it, `#/answer/chat`, for other forms of it: its path
 * (`#/api/chat`), its id alone (`#chat`), or the id that a generator makes of method and path (`#/answer/postApiChat`).
 *
 * @param hash of the page's address, with its `#`.
 * @returns the hash itself where it stands for no operation.
 */
export function canonicalHash(document: OpenApiDocument, hash: string): string {
  const wanted = decoded(hash).replace(/^#!?\/?/, "");
  const last = wanted.split("/").at(-1);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { operationId, tags }] of Object.entries(operations)) {
      const names = [operationId, elysiaName(method, path)];
      if (wanted !== "" && (path === `/${wanted}` || names.includes(last ?? ""))) {
        return `#/${tags[0]}/${operationId}`;
      }
    }
  }
  return hash;
}
