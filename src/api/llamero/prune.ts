import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import type { LlameroDeps } from "./deps.ts";
import { pruneDocs } from "./pulls-docs.ts";
import { PruneReply, PruneRequest } from "./pulls-model.ts";

/** POST /api/prune: removes what interrupted pulls have left and blobs that no model names, or tells what it would remove. */
export const pruneRoute = ({ puller, logger }: LlameroDeps) =>
  new Elysia({ name: "llamero.prune" }).post(
    "/api/prune",
    ({ body }) => {
      const { dry_run = true } = body;
      const notices = unknownFieldNotices(PruneRequest, body);
      logNotices(notices, "/api/prune", logger);
      const files = puller.prune(dry_run);
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      return jsonReply({ dry_run, files, bytes }, { headers: warningHeaders(notices) });
    },
    { ...jsonBody(PruneRequest), response: { 200: PruneReply }, detail: pruneDocs },
  );
