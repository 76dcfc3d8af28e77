import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { pruneDocs } from "./pulls-docs.ts";
import { PruneReply, PruneRequest } from "./pulls-model.ts";

/** The prompts that lie on the disk, a model each. */
async function pruneCache({ prompts }: LlameroDeps, dryRun: boolean) {
  const models = await prompts.list();
  if (!dryRun) await prompts.clear();
  return models.map(({ weights, bytes }) => ({ digest: weights, kind: "prompts" as const, size: bytes }));
}

/**
 * POST /api/prune: removes what interrupted pulls have left and blobs that no model names, or the prompts that are kept on disk; or tells
 * what it would remove.
 */
export const pruneRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.prune" }).post(
    "/api/prune",
    async ({ body, request, server }) => {
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(PruneRequest, body));
      const { dry_run = true, cache = false } = body;
      const files = cache ? await pruneCache(deps, dry_run) : deps.puller.prune(dry_run);
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      return call.json(PruneReply, { dry_run, files, bytes });
    },
    { ...jsonBody(PruneRequest), response: { 200: PruneReply }, detail: pruneDocs },
  );
