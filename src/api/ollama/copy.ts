import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { ModelName } from "../../models/name.ts";
import { parseModelReference } from "../../models/reference.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { copyDocs } from "./docs/library.ts";
import { CopyRequest } from "./model/library.ts";

function nameOf(field: "source" | "destination", text: string): ModelName {
  const { name, source } = parseModelReference(text);
  if (name === undefined || source === "cloud") throw badRequest(`${field} "${text}" is invalid`);
  return name;
}

/** POST /api/copy (docs/behaviour: api-native §12). A model copied onto itself stays as it is. */
export const copyRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.copy" }).post(
    "/api/copy",
    ({ body, request, server }) => {
      const { source = "", destination = "" } = body;
      if (!deps.catalog.copy(nameOf("source", source), nameOf("destination", destination))) {
        throw notFound(`model "${source}" not found`);
      }
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(CopyRequest, body));
      return call.empty();
    },
    {
      ...jsonBody(CopyRequest),
      detail: copyDocs,
    },
  );
