import { Elysia } from "elysia";
import { defined } from "../../lib/defined.ts";
import { notFound } from "../../lib/errors.ts";
import { zonedTimestamp } from "../../lib/rfc3339.ts";
import { parseModelName } from "../../models/name.ts";
import type { Freshness, PullReport } from "../../registry/puller.ts";
import { exchange } from "../exchange.ts";
import { explained } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { STORE_FAILURES } from "../wire/documented-failures.ts";
import type { LlameroDeps } from "./deps.ts";
import { OutdatedReply, PullPath, PullsReply } from "./schema/pulls.ts";

function pullOf({ startedAt, updatedAt, error, ...report }: PullReport) {
  const { state, total, completed, rate } = report;
  return {
    ...report,
    ...(state === "running" && rate > 0 && { seconds_left: Math.ceil((total - completed) / rate) }),
    ...defined({ error }),
    started_at: zonedTimestamp(startedAt),
    updated_at: zonedTimestamp(updatedAt),
  };
}

async function remove({ puller }: LlameroDeps, id: string): Promise<void> {
  if (!(await puller.remove(Number(id)))) throw notFound(`there is no pull ${id}`);
}

/** One after the other: most of them have the same registry. */
async function freshness({ catalog, puller }: LlameroDeps, signal: AbortSignal): Promise<Freshness[]> {
  const found: Freshness[] = [];
  for (const { shortName } of catalog.list()) {
    const name = parseModelName(shortName);
    const one = name && (await puller.check({ name, insecure: false }, signal));
    if (one !== undefined) found.push(one);
  }
  return found;
}

const pullsDocs = describeNativeRoute({
  operationId: "listPulls",
  summary: "List pulls",
  description: "Pulls that run, that were interrupted, and the last ones that have ended.",
  tag: "models",
  replies: { 200: { description: "The pulls.", content: { "application/json": PullsReply } } },
  failures: STORE_FAILURES,
});

const removePullDocs = describeNativeRoute({
  operationId: "removePull",
  summary: "Remove a pull",
  description:
    "Stops it if it is running, forgets it, and deletes what only it had fetched. An installed model stays.",
  tag: "models",
  replies: { 200: { description: "It is gone." } },
  failures: { 400: "the id of a pull is a whole number", 404: "there is no pull 7", ...STORE_FAILURES },
});

const outdatedDocs = describeNativeRoute({
  operationId: "listOutdatedModels",
  summary: "Compare models with their registries",
  description: "Asks the registry of every installed model for its manifest, and fetches nothing else.",
  tag: "models",
  replies: { 200: { description: "The models.", content: { "application/json": OutdatedReply } } },
  failures: STORE_FAILURES,
});

/** GET /api/pulls and DELETE /api/pulls/:id, and GET /api/outdated. */
export const pullsRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.pulls" })
    .get(
      "/api/pulls",
      ({ request, server }) =>
        exchange(request, server, deps).json(PullsReply, { pulls: deps.puller.list().map(pullOf) }),
      { response: { 200: PullsReply }, detail: pullsDocs },
    )
    .delete(
      "/api/pulls/:id",
      async ({ params, request, server }) => {
        await remove(deps, params.id);
        return exchange(request, server, deps).empty();
      },
      { params: explained(PullPath), detail: removePullDocs },
    )
    .get(
      "/api/outdated",
      async ({ request, server }) => {
        const call = exchange(request, server, deps);
        return call.json(OutdatedReply, { models: await freshness(deps, call.signal) });
      },
      { response: { 200: OutdatedReply }, detail: outdatedDocs },
    );
