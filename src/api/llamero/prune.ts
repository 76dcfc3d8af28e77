import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { PruneReply, PruneRequest } from "./schema/pulls.ts";

/** Removes the prompts that are cached on the disk, or lists them, one entry a model. */
async function pruneCache({ prompts }: LlameroDeps, dryRun: boolean) {
  const models = await prompts.list();
  if (!dryRun) await prompts.clear();
  return models.map(({ weights, bytes }) => ({ digest: weights, kind: "prompts" as const, size: bytes }));
}

const pruneDocs = describeNativeRoute({
  operationId: "pruneBlobs",
  summary: "Remove what nothing needs",
  description:
    "What interrupted pulls have left, and blobs that no model names. Pulls that run and uploads of the last hour are left alone. With `cache`, the evaluated prompts that are kept on disk instead, which cost time when they are missed and nothing else. Nothing is removed unless `dry_run` is false.",
  tag: "blobs",
  replies: { 200: { description: "The files.", content: { "application/json": PruneReply } } },
  failures: { 400: "missing request body", ...BODY_FAILURES, ...STORE_FAILURES },
});

/**
 * POST /api/prune: removes partial blobs of interrupted pulls and blobs that no model names, or the prompts that are cached on disk; a dry
 * run lists them.
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
