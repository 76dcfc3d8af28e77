import type { Static } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import { parseModelReference } from "../../models/reference.ts";
import { jsonBody } from "../wire/body.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { emptyReply, warningHeaders } from "../wire/reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { deleteDocs } from "./docs/library.ts";
import { DeleteRequest } from "./model/library.ts";

async function remove(
  body: Static<typeof DeleteRequest>,
  { catalog, logger }: OllamaDeps,
): Promise<Response> {
  const text = body.model || body.name || "";
  const { raw, name, source } = parseModelReference(text);
  if (raw === "") throw badRequest("model is required");
  if (name === undefined) throw badRequest(`name "${text}" is invalid`);
  // A cloud reference names a stub, which this server never has; the local model of that name is not meant.
  const removed = source !== "cloud" && (await catalog.remove(name));
  if (!removed) throw notFound(`model '${text}' not found`);
  const notices = unknownFieldNotices(DeleteRequest, body);
  logNotices(notices, "/api/delete", logger);
  return emptyReply(200, warningHeaders(notices));
}

/** DELETE /api/delete (spec: api-native §13). */
export const deleteRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.delete" }).delete("/api/delete", ({ body }) => remove(body, deps), {
    ...jsonBody(DeleteRequest),
    detail: deleteDocs,
  });
