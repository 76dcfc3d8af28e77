import { Elysia } from "elysia";
import { AppError, badRequest } from "../../lib/errors.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { progressReply } from "../wire/progress-reply.ts";
import type { LlameroDeps } from "./deps.ts";
import { importDocs } from "./docs.ts";
import { ImportReply, ImportRequest } from "./model.ts";

/**
 * POST /api/import: takes over the models of an Ollama store.
 *
 * The path names a directory of the server, so only programs on the same machine may ask: for anybody else the replies would tell
 * which files exist and how long they are.
 */
export const importRoute = ({ catalog, logger, isLocal }: LlameroDeps) =>
  new Elysia({ name: "llamero.import" }).post(
    "/api/import",
    ({ body, request, server }) => {
      if (!isLocal(request)) {
        throw new AppError(
          "forbidden",
          "import reads the server's own files: run it on the server's machine",
        );
      }
      const { path, verify = false } = body;
      if (!path) throw badRequest("path is required");
      return progressReply(
        { request, server, stream: body.stream, notices: unknownFieldNotices(ImportRequest, body), logger },
        (signal) => catalog.importStore({ path, verify }, signal),
      );
    },
    { ...jsonBody(ImportRequest), response: { 200: ImportReply }, detail: importDocs },
  );
