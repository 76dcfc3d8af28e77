import type { Scope } from "../access/scope.ts";

/**
 * The kinds of access, from the least to the most dangerous: `open` reveals nothing; `read` reveals the models; `infer` lets models work;
 * `manage` changes which models there are, or makes the server fetch something; `admin` decides who may call; `local` names files of the
 * server.
 */
export type Access = "open" | "read" | "infer" | "manage" | "admin" | "local";

/** The scope that a key needs; undefined where none is needed. */
export const SCOPE_OF: Readonly<Record<Access, Scope | undefined>> = {
  open: undefined,
  read: "infer",
  infer: "infer",
  manage: "manage",
  admin: "admin",
  local: "admin",
};

/** Every route of the server. A route that is missing here is served to this machine alone, and a test fails. */
const ROUTES: Record<Access, readonly string[]> = {
  open: [
    "GET /",
    "GET /api/version",
    "GET /healthz",
    "GET /readyz",
    "GET /swagger",
    "GET /swagger/json",
    "GET /swagger/assets/:name",
    "GET /page/:name",
    "GET /favicon.ico",
    "GET /docs",
    "GET /docs/",
    "GET /docs/*",
  ],
  read: [
    "GET /api/tags",
    "GET /api/ps",
    "GET /api/queue",
    "GET /api/settings",
    "POST /api/show",
    "GET /v1/models",
    "GET /v1/models/:model",
    "GET /v1/models/*",
    "GET /v1/responses/:id",
    "DELETE /v1/responses/:id",
    "GET /v1/responses/:id/input_items",
    "POST /v1/responses/:id/cancel",
  ],
  infer: [
    "POST /api/generate",
    "POST /api/chat",
    "POST /api/embed",
    "POST /api/embeddings",
    "POST /api/rerank",
    "POST /v1/audio/transcriptions",
    "POST /api/tokenize",
    "POST /api/detokenize",
    "POST /v1/chat/completions",
    "POST /v1/completions",
    "POST /v1/embeddings",
    "POST /v1/rerank",
    "POST /v1/systemone",
    "POST /v1/decisions",
    "POST /v1/responses",
    "POST /v1/responses/input_tokens",
    "POST /v1/messages",
    "POST /v1/messages/count_tokens",
  ],
  manage: [
    "POST /api/create",
    "POST /api/pull",
    "POST /api/push",
    "POST /api/copy",
    "DELETE /api/delete",
    "HEAD /api/blobs/:digest",
    "POST /api/blobs/:digest",
    "GET /api/pulls",
    "DELETE /api/pulls/:id",
    "GET /api/outdated",
    "GET /api/usage",
    "GET /metrics",
    "POST /api/prune",
    "PATCH /api/settings",
    "POST /api/verify",
  ],
  admin: ["GET /api/keys", "POST /api/keys", "DELETE /api/keys/:key"],
  local: ["POST /api/import"],
};

const ACCESS = new Map(
  Object.entries(ROUTES).flatMap(([access, routes]) =>
    routes.map((route) => [route, access as Access] as const),
  ),
);

/** The kind of access that a route gives; undefined for a route that is missing in the table. @param path as it is registered. */
export const accessOf = (method: string, path: string): Access | undefined =>
  ACCESS.get(`${method} ${path}`) ?? (method === "HEAD" ? ACCESS.get(`GET ${path}`) : undefined);
