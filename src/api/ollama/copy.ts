import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { ModelName } from "../../models/name.ts";
import { parseModelReference } from "../../models/reference.ts";
import { jsonBody } from "../wire/body.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { emptyReply, warningHeaders } from "../wire/reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { copyDocs } from "./docs/library.ts";
import { CopyRequest } from "./model/library.ts";

function nameOf(field: "source" | "destination", text: string): ModelName {
  const { name, source } = parseModelReference(text);
  if (name === undefined || source === "cloud") throw badRequest(`${field} "${text}" is invalid`);
  return name;
}

/** POST /api/copy (spec: api-native §12). A model copied onto itself stays as it is. */
export const copyRoute = ({ catalog, logger }: OllamaDeps) =>
  new Elysia({ name: "ollama.copy" }).post(
    "/api/copy",
    ({ body }) => {
      const { source = "", destination = "" } = body;
      if (!catalog.copy(nameOf("source", source), nameOf("destination", destination))) {
        throw notFound(`model "${source}" not found`);
      }
      const notices = unknownFieldNotices(CopyRequest, body);
      logNotices(notices, "/api/copy", logger);
      return emptyReply(200, warningHeaders(notices));
    },
    {
      ...jsonBody(CopyRequest),
      detail: copyDocs,
    },
  );
