import { Elysia } from "elysia";
import { anthropicApi } from "../../api/anthropic/index.ts";
import type { LlameroDeps } from "../../api/llamero/deps.ts";
import { llameroApi } from "../../api/llamero/index.ts";
import { openaiApi } from "../../api/openai/index.ts";
import type { ResponseDeps } from "../../api/openai/responses/deps.ts";

/** The routes that a server loads with the first request for one of them: megabytes that many a server never needs. */
export const laterRoutes = (deps: LlameroDeps & ResponseDeps) =>
  new Elysia({ name: "later" }).use(openaiApi(deps)).use(anthropicApi(deps)).use(llameroApi(deps));
