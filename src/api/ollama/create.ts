import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import { progressReply } from "../wire/progress-reply.ts";
import { translateCreate } from "./create-request.ts";
import type { OllamaDeps } from "./deps.ts";
import { createDocs } from "./docs/create.ts";
import { CreateRequest, ProgressReply } from "./model/create.ts";
import { createAfterPull } from "./pull-source.ts";

/** POST /api/create (spec: api-native §11). */
export const createRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.create" }).post(
    "/api/create",
    ({ body, request, server }) => {
      const { intent, notices } = translateCreate(body);
      const { logger } = deps;
      return progressReply({ request, server, stream: body.stream, notices, logger }, (signal) =>
        createAfterPull(deps, intent, signal),
      );
    },
    {
      ...jsonBody(CreateRequest),
      response: { 200: ProgressReply },
      detail: createDocs,
    },
  );
