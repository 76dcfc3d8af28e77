import type { Static } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import { parseModelReference } from "../../models/reference.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { BODY_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { DeleteRequest } from "./schema/library.ts";

async function remove(
  body: Static<typeof DeleteRequest>,
  call: Exchange,
  { catalog }: OllamaDeps,
): Promise<Response> {
  const text = body.model || body.name || "";
  const { raw, name, source } = parseModelReference(text);
  if (raw === "") throw badRequest("model is required");
  if (name === undefined) throw badRequest(`name "${text}" is invalid`);
  // A cloud reference names a stub, which this server never has; it does not mean the local model of that name.
  const removed = source !== "cloud" && (await catalog.remove(name));
  if (!removed) throw notFound(`model '${text}' not found`);
  call.notices.add(unknownFieldNotices(DeleteRequest, body));
  return call.empty();
}

const deleteDocs = describeNativeRoute({
  operationId: "deleteModel",
  summary: "Delete a model",
  description:
    "Removes the name, whatever no other model uses, and what an interrupted pull of it has left. Where the model is loaded it stays in memory until it is unloaded.",
  tag: "models",
  replies: { 200: { description: "Done. The reply is empty." } },
  failures: {
    400: "model is required",
    404: "model 'smollm3' not found",
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

/** DELETE /api/delete (docs/behaviour: api-native §13). */
export const deleteRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.delete" }).delete(
    "/api/delete",
    ({ body, request, server }) => remove(body, exchange(request, server, deps), deps),
    { ...jsonBody(DeleteRequest), detail: deleteDocs },
  );
