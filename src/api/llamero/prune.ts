import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { pruneDocs } from "./pulls-docs.ts";
import { PruneReply, PruneRequest } from "./pulls-model.ts";

/** POST /api/prune: removes what interrupted pulls have left and blobs that no model names, or tells what it would remove. */
export const pruneRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.prune" }).post(
    "/api/prune",
    ({ body, request, server }) => {
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(PruneRequest, body));
      const { dry_run = true } = body;
      const files = deps.puller.prune(dry_run);
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      return call.json(PruneReply, { dry_run, files, bytes });
    },
    { ...jsonBody(PruneRequest), response: { 200: PruneReply }, detail: pruneDocs },
  );
