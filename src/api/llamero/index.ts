import { Elysia } from "elysia";
import type { LlameroDeps } from "./deps.ts";
import { importRoute } from "./import.ts";
import { keysRoute } from "./keys.ts";
import { pruneRoute } from "./prune.ts";
import { pullsRoute } from "./pulls.ts";
import { queueRoute } from "./queue.ts";
import { settingsRoute } from "./settings.ts";
import { tokensRoutes } from "./tokens.ts";
import { usageRoute } from "./usage.ts";
import { verifyRoute } from "./verify.ts";

/** Routes that only llamero has; those that programs watch it by are in `health.ts`. */
export const llameroApi = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero" })
    .use(importRoute(deps))
    .use(keysRoute(deps))
    .use(tokensRoutes(deps))
    .use(pullsRoute(deps))
    .use(pruneRoute(deps))
    .use(queueRoute(deps))
    .use(settingsRoute(deps))
    .use(usageRoute(deps))
    .use(verifyRoute(deps));
