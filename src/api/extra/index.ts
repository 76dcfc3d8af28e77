import { Elysia } from "elysia";
import type { ExtraDeps } from "./deps.ts";
import { importRoute } from "./import.ts";
import { pruneRoute } from "./prune.ts";
import { pullsRoute } from "./pulls.ts";
import { rerankRoutes } from "./rerank.ts";
import { tokensRoutes } from "./tokens.ts";
import { verifyRoute } from "./verify.ts";

/** Routes that only llamero has. */
export const extraApi = (deps: ExtraDeps) =>
  new Elysia({ name: "extra" })
    .use(importRoute(deps))
    .use(rerankRoutes(deps))
    .use(tokensRoutes(deps))
    .use(pullsRoute(deps))
    .use(pruneRoute(deps))
    .use(verifyRoute(deps));
