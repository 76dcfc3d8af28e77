import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { localReference } from "../../inference/resolve-model.ts";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { ModelSummary } from "../../models/catalog.ts";
import { parseModelName, sameName, shortName } from "../../models/name.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { oneObject } from "../wire/describe-route.ts";
import { STORE_FAILURES } from "../wire/documented-failures.ts";
import { count, reply, replyText } from "../wire/reply-fields.ts";
import { describeOpenaiRoute } from "./describe.ts";
import { unixSeconds } from "./frame.ts";

const ModelPath = Type.Object({
  model: Type.String({ description: "Name of the model.", example: "smollm2" }),
});

const Model = reply("Model", "An installed model.", {
  id: replyText("Its shortest name, tag included; for a single model, the name that was asked for."),
  object: Type.Literal("model", { description: "`model`." }),
  created: count("When it was created, in Unix seconds."),
  owned_by: replyText("The namespace of its name, e.g. `library`."),
});

const ModelList = reply("ModelList", "The installed models.", {
  object: Type.Literal("list", { description: "`list`." }),
  data: Type.Array(Model, { description: "Newest first." }),
});

const wireModel = (summary: ModelSummary, id: string) => ({
  id,
  object: "model" as const,
  created: unixSeconds(summary.modifiedAt),
  owned_by: parseModelName(summary.shortName)?.namespace ?? "",
});

const wireList = (models: readonly ModelSummary[]) => ({
  object: "list" as const,
  data: models.map((summary) => wireModel(summary, summary.shortName)),
});

/** @param id as the client wrote it, which is how the reply spells it. */
function retrieve(id: string, call: Exchange, { catalog }: InferenceDeps): Response {
  const unnamed = badRequest("invalid model name");
  const { name } = localReference(id, unnamed, "remote model details are unavailable");
  const found = catalog.list().find((summary) => {
    const listed = parseModelName(summary.shortName);
    return listed !== undefined && sameName(listed, name);
  });
  if (found === undefined) throw notFound(`model '${shortName(name)}' not found`);
  return call.json(Model, wireModel(found, id));
}

const modelsDocs = describeOpenaiRoute({
  operationId: "listOpenAiModels",
  summary: "List installed models (OpenAI)",
  description: "Every installed model, newest first.",
  tag: "openai",
  replies: { 200: oneObject("The models.", ModelList) },
  failures: STORE_FAILURES,
});

const modelDocs = describeOpenaiRoute({
  operationId: "retrieveModel",
  summary: "Find an installed model (OpenAI)",
  description: "One model by its name. Slashes of the name may stand in the path as they are.",
  tag: "openai",
  replies: { 200: oneObject("The model.", Model) },
  failures: {
    400: "invalid model name",
    403: 'ollama cloud is disabled: remote model details are unavailable ("gpt-oss:120b-cloud" is a cloud model: it runs on ollama.com only)',
    404: "model 'smollm3:latest' not found",
    ...STORE_FAILURES,
  },
});

/** GET /v1/models and /v1/models/:model (docs/behaviour: api-openai §6). A name with slashes is found whether they are encoded or not. */
export const modelsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.models" })
    .get(
      "/v1/models",
      ({ request, server }) =>
        exchange(request, server, deps).jsonOf(ModelList, deps.catalog.list(), wireList),
      { response: { 200: ModelList }, detail: modelsDocs },
    )
    .get(
      "/v1/models/:model",
      ({ params, request, server }) => retrieve(params.model, exchange(request, server, deps), deps),
      { params: ModelPath, response: { 200: Model }, detail: modelDocs },
    )
    .get(
      "/v1/models/*",
      ({ params, request, server }) => retrieve(params["*"], exchange(request, server, deps), deps),
      { detail: { hide: true } },
    );
