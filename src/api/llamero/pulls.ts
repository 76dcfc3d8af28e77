import { Elysia } from "elysia";
import { defined } from "../../lib/defined.ts";
import { notFound } from "../../lib/errors.ts";
import { zonedTimestamp } from "../../lib/rfc3339.ts";
import { parseModelName } from "../../models/name.ts";
import type { Freshness, PullReport } from "../../registry/puller.ts";
import { exchange } from "../exchange.ts";
import { explained } from "../wire/body.ts";
import type { LlameroDeps } from "./deps.ts";
import { outdatedDocs, pullsDocs, removePullDocs } from "./pulls-docs.ts";
import { OutdatedReply, PullPath, PullsReply } from "./pulls-model.ts";

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
