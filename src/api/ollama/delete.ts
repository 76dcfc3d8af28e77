import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { Catalog } from "../../models/catalog.ts";
import { parseModelReference } from "../../models/reference.ts";
import { jsonBody } from "../wire/body.ts";
import { emptyReply } from "../wire/reply.ts";
import { DeleteRequest } from "./model/library.ts";

async function remove(text: string, catalog: Catalog): Promise<Response> {
  const { raw, name, source } = parseModelReference(text);
  if (raw === "") throw badRequest("model is required");
  if (name === undefined) throw badRequest(`name "${text}" is invalid`);
  // A cloud reference names a stub, which this server never has; the local model of that name is not meant.
  const removed = source !== "cloud" && (await catalog.remove(name));
  if (!removed) throw notFound(`model '${text}' not found`);
  return emptyReply();
}

/** DELETE /api/delete (spec: api-native §13). */
export const deleteRoute = ({ catalog }: { catalog: Catalog }) =>
  new Elysia({ name: "ollama.delete" }).delete(
    "/api/delete",
    ({ body }) => remove(body.model || body.name || "", catalog),
    {
      ...jsonBody(DeleteRequest),
      detail: {
        summary: "Delete a model",
        description: "Removes the name, and whatever no other model uses. The reply is empty.",
        tags: ["models"],
      },
    },
  );
