import { Elysia } from "elysia";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { ModelName } from "../../models/name.ts";
import { parseModelReference } from "../../models/reference.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { BODY_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { CopyRequest } from "./schema/library.ts";

function nameOf(field: "source" | "destination", text: string): ModelName {
  const { name, source } = parseModelReference(text);
  if (name === undefined || source === "cloud") throw badRequest(`${field} "${text}" is invalid`);
  return name;
}

const copyDocs = describeNativeRoute({
  operationId: "copyModel",
  summary: "Copy a model",
  description:
    "Gives a model a further name; nothing large is copied. A model of that name is replaced; copied onto itself it stays as it is.",
  tag: "models",
  replies: { 200: { description: "Done. The reply is empty." } },
  failures: {
    400: 'source "a:b:c" is invalid',
    404: 'model "smollm3" not found',
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

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
