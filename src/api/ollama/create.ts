import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { translateCreate } from "./create-request.ts";
import type { OllamaDeps } from "./deps.ts";
import { createDocs } from "./docs/create.ts";
import { CreateRequest, ProgressReply } from "./model/create.ts";
import { createAfterPull } from "./pull-source.ts";

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
