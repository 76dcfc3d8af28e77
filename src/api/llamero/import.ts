import { Elysia } from "elysia";
import { badRequest } from "../../lib/errors.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { importDocs } from "./docs.ts";
import { ImportReply, ImportRequest } from "./model.ts";

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
