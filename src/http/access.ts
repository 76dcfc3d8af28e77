/**
 * What a request asks for, in the order of how much can be done with it: `open` tells nothing of anybody; `infer` uses the models;
 * `manage` changes which there are, or makes the server fetch something; `local` names files of the server.
 */
export type Access = "open" | "infer" | "manage" | "local";

/** Every route of the server. A route that is not here is served to nobody but this machine, and a test fails. */
const ROUTES: Record<Access, readonly string[]> = {
  open: [
    "GET /",
    "GET /api/version",
    "GET /swagger",
    "GET /swagger/json",
    "GET /swagger/assets/:name",
    "GET /page/:name",
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
    "GET /api/tags",
    "GET /api/ps",
    "GET /api/queue",
    "POST /api/show",
    "POST /v1/chat/completions",
    "POST /v1/completions",
    "POST /v1/embeddings",
    "POST /v1/rerank",
    "GET /v1/models",
    "GET /v1/models/:model",
    "GET /v1/models/*",
    "POST /v1/responses",
    "POST /v1/responses/input_tokens",
    "GET /v1/responses/:id",
    "DELETE /v1/responses/:id",
    "GET /v1/responses/:id/input_items",
    "POST /v1/responses/:id/cancel",
    "POST /v1/audio/transcriptions",
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
    "POST /api/prune",
    "PATCH /api/settings",
    "POST /api/verify",
  ],
  local: ["POST /api/import"],
};

const ACCESS = new Map(
  Object.entries(ROUTES).flatMap(([access, routes]) =>
    routes.map((route) => [route, access as Access] as const),
  ),
);

/** What a route gives access to; undefined for one that nobody has thought about. @param path as it is registered. */
export const accessOf = (method: string, path: string): Access | undefined =>
  ACCESS.get(`${method} ${path}`) ?? (method === "HEAD" ? ACCESS.get(`GET ${path}`) : undefined);
