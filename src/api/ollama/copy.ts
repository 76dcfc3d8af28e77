import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { Catalog } from "../../models/catalog.ts";
import type { ModelName } from "../../models/name.ts";
import { parseModelReference } from "../../models/reference.ts";
import { jsonBody } from "../wire/body.ts";
import { emptyReply } from "../wire/reply.ts";
import { CopyRequest } from "./model/library.ts";

function nameOf(field: "source" | "destination", text: string): ModelName {
  const { name, source } = parseModelReference(text);
  if (name === undefined || source === "cloud") throw badRequest(`${field} "${text}" is invalid`);
  return name;
}

/** POST /api/copy (spec: api-native §12). A model copied onto itself stays as it is. */
export const copyRoute = ({ catalog }: { catalog: Catalog }) =>
  new Elysia({ name: "ollama.copy" }).post(
    "/api/copy",
    ({ body: { source = "", destination = "" } }) => {
      if (!catalog.copy(nameOf("source", source), nameOf("destination", destination))) {
        throw notFound(`model "${source}" not found`);
      }
      return emptyReply();
    },
    {
      ...jsonBody(CopyRequest),
      detail: {
        summary: "Copy a model",
        description: "Gives a model a further name; nothing large is copied. The reply is empty.",
        tags: ["models"],
      },
    },
  );
