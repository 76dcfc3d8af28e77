import { Elysia } from "elysia";
import { zonedTimestamp } from "../../lib/rfc3339.ts";
import type { ModelSummary } from "../../models/catalog.ts";
import { exchange } from "../exchange.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { STORE_FAILURES } from "../wire/documented-failures.ts";
import type { OllamaDeps } from "./deps.ts";
import { wireDetailsWithLengths } from "./details.ts";
import { TagsReply } from "./schema/library.ts";

const wireModel = ({ shortName, modifiedAt, size, manifestDigest, details, capabilities }: ModelSummary) => ({
  name: shortName,
  model: shortName,
  modified_at: zonedTimestamp(modifiedAt),
  size,
  digest: manifestDigest,
  details: wireDetailsWithLengths(details),
  ...(capabilities.length > 0 && { capabilities }),
});

const wireList = (models: readonly ModelSummary[]) => ({ models: models.map(wireModel) });

const tagsDocs = describeNativeRoute({
  operationId: "listModels",
  summary: "List installed models",
  description: "Every model on this server, newest first.",
  tag: "models",
  replies: { 200: oneObject("The models.", TagsReply) },
  failures: STORE_FAILURES,
});

/** GET /api/tags (docs/behaviour: api-native §8). */
export const tagsRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.tags" }).get(
    "/api/tags",
    ({ request, server }) => exchange(request, server, deps).jsonOf(TagsReply, deps.catalog.list(), wireList),
    {
      response: { 200: TagsReply },
      detail: tagsDocs,
    },
  );
