import { Elysia } from "elysia";
import { createResponseRoute } from "./create.ts";
import type { ResponseDeps } from "./deps.ts";
import { inputTokensRoute } from "./input-tokens.ts";
import { storedResponseRoutes } from "./stored/stored.ts";

/** OpenAI's Responses API (docs/behaviour: api-openai §7). */
export const responsesApi = (deps: ResponseDeps) =>
  new Elysia({ name: "openai.responses" })
    .use(createResponseRoute(deps))
    .use(inputTokensRoute(deps))
    .use(storedResponseRoutes(deps));
