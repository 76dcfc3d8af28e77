import { Elysia } from "elysia";
import { requireLocal } from "../../inference/resolve-model.ts";
import type { CreateStatus, ModelCreation } from "../../models/catalog.ts";
import { parseModelName } from "../../models/name.ts";
import { parseModelReference } from "../../models/reference.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, progressLines } from "../wire/describe-native.ts";
import { BODY_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { translateCreate } from "./create-request.ts";
import type { OllamaDeps } from "./deps.ts";
import { CreateRequest, ProgressReply } from "./schema/create.ts";

const createDocs = describeNativeRoute({
  operationId: "createModel",
  summary: "Create a model",
  description:
    "From an installed model (`from`) or from uploaded blobs (`files`). Streams progress unless `stream` is false. Until the last moment nothing is changed: a request that fails leaves no model behind.",
  tag: "models",
  replies: { 200: progressLines(ProgressReply) },
  failures: {
    400: "neither 'from' or 'files' was specified",
    404: "model 'smollm3' not found",
    499: "request canceled",
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

/** POST /api/create (docs/behaviour: api-native §11). */
export const createRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.create" }).post(
    "/api/create",
    ({ body, request, server }) => {
      const { intent, notices } = translateCreate(body);
      const call = exchange(request, server, deps);
      call.notices.add(notices);
      return call.progress(ProgressReply, createAfterPull(deps, intent, call.signal), body.stream);
    },
    {
      ...jsonBody(CreateRequest),
      response: { 200: ProgressReply },
      detail: createDocs,
    },
  );

/** A create, preceded by a pull of the model that it builds on when that is not here (docs/behaviour: api-native §11). */
async function* createAfterPull(
  { catalog, puller }: Pick<OllamaDeps, "catalog" | "puller">,
  intent: ModelCreation,
  signal: AbortSignal,
): AsyncGenerator<CreateStatus> {
  const name = intent.from === undefined ? undefined : parseModelName(intent.from.trim());
  if (name !== undefined && catalog.resolve(name) === undefined) {
    requireLocal(parseModelReference(intent.from ?? ""));
    for await (const line of puller.pull({ name, insecure: false }, signal)) {
      // `success` is the last line of the create, not of the pull.
      if (line.status !== "success") yield line;
    }
  }
  yield* catalog.create(intent, signal);
}
