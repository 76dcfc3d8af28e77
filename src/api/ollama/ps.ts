import { Elysia } from "elysia";
import type { ResidentModel } from "../../engine/port.ts";
import { zonedTimestamp } from "../../lib/rfc3339.ts";
import type { Catalog, ModelDetails } from "../../models/catalog.ts";
import { parseModelName } from "../../models/name.ts";
import { exchange } from "../exchange.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { STORE_FAILURES } from "../wire/documented-failures.ts";
import type { OllamaDeps } from "./deps.ts";
import { wireDetails } from "./details.ts";
import { PsReply } from "./schema/library.ts";

/** The longest duration that Go has, which stands for "for ever": 2^63 - 1 ns, in milliseconds. */
const FOREVER_MS = 9_223_372_036_854;

/** Details of a model that has been deleted while it is loaded. */
const NO_DETAILS: ModelDetails = {
  parentModel: "",
  format: "",
  family: "",
  families: null,
  parameterSize: "",
  quantizationLevel: "",
};

function detailsOf(name: string, catalog: Catalog): ModelDetails {
  const parsed = parseModelName(name);
  const model = parsed && catalog.resolve(parsed);
  return model ? { ...model.details, parentModel: "" } : NO_DETAILS;
}

function wireModel(
  { spec, info, expiresAt, cache, state, step, active, waiting, memoryBytes }: ResidentModel,
  { catalog, clock }: OllamaDeps,
) {
  return {
    name: spec.name,
    model: spec.name,
    size: info?.sizeBytes ?? memoryBytes,
    digest: spec.manifestDigest,
    details: wireDetails(detailsOf(spec.name, catalog)),
    expires_at: zonedTimestamp(Number.isFinite(expiresAt) ? expiresAt : clock.now() + FOREVER_MS),
    size_vram: info?.sizeVramBytes ?? 0,
    context_length: info?.contextLength ?? spec.options.numCtx ?? 0,
    ...(state === "loading" && { loading: true }),
    ...(step && { loading_step: step }),
    ...(info && { slots: info.parallel }),
    ...(active > 0 && { active }),
    ...(waiting > 0 && { queued: waiting }),
    ...(cache && { cache: { memory: cache.memoryBytes, disk: cache.diskBytes } }),
  };
}

/** Latest first; two that never expire are equal. */
const byExpiry = (a: ResidentModel, b: ResidentModel): number =>
  a.expiresAt === b.expiresAt ? 0 : b.expiresAt - a.expiresAt;

const psDocs = describeNativeRoute({
  operationId: "listLoadedModels",
  summary: "List loaded models",
  description: "Models in memory, the one that stays longest first; one that is loading is listed too.",
  tag: "models",
  replies: { 200: oneObject("The models.", PsReply) },
  failures: STORE_FAILURES,
});

/** GET /api/ps (docs/behaviour: api-native §9). A model that is being unloaded is not listed. */
export const psRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.ps" }).get(
    "/api/ps",
    ({ request, server }) => {
      const loaded = deps.engine.resident().filter(({ state }) => state !== "unloading");
      const models = loaded.toSorted(byExpiry).map((model) => wireModel(model, deps));
      return exchange(request, server, deps).json(PsReply, { models });
    },
    {
      response: { 200: PsReply },
      detail: psDocs,
    },
  );
