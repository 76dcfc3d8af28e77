import { Elysia } from "elysia";
import { badRequest } from "../../lib/errors.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, progressLines } from "../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { ImportReply, ImportRequest } from "./schema/store.ts";

const importDocs = describeNativeRoute({
  operationId: "importStore",
  summary: "Import an Ollama store",
  description:
    "Takes over every model of an Ollama store on the server's machine. The store stays as it is: blobs are hard-linked where the server's user owns them, or else cloned or copied, and hashed. Symbolic links are not followed. A model that cannot be imported is skipped with the reason; so is one whose name another model has, because nothing is overwritten. Only programs on the same machine may ask.",
  tag: "models",
  replies: { 200: progressLines(ImportReply) },
  failures: {
    400: '"/home/me/models" is no Ollama store: there is no directory "manifests" in it',
    403: "import reads the server's own files: run it on the server's machine",
    499: "request canceled",
    ...BODY_FAILURES,
    ...STORE_FAILURES,
  },
});

/**
 * POST /api/import: takes over the models of an Ollama store.
 *
 * The path names a directory of the server. The guard (http/access.ts) lets only programs on the same machine ask: to anybody else
 * the replies would tell which files exist.
 */
export const importRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.import" }).post(
    "/api/import",
    ({ body, request, server }) => {
      const { path, trust = false } = body;
      if (!path) throw badRequest("path is required");
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(ImportRequest, body));
      return call.progress(ImportReply, deps.catalog.importStore({ path, trust }, call.signal), body.stream);
    },
    { ...jsonBody(ImportRequest), response: { 200: ImportReply }, detail: importDocs },
  );
