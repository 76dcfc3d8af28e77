import { Elysia } from "elysia";
import type { LlameroDeps } from "../../api/llamero/deps.ts";
import type { OllamaDeps } from "../../api/ollama/deps.ts";
import type { ResponseDeps } from "../../api/openai/responses/deps.ts";
import { firstRoutes } from "./first.ts";
import { laterRoutes } from "./later.ts";

export type RouteDeps = OllamaDeps & LlameroDeps & ResponseDeps;

/** The routes of every dialect, without the door. The OpenAPI document and the typed client are made from them. */
export const allRoutes = (deps: RouteDeps) =>
  new Elysia({ name: "api" }).use(firstRoutes(deps)).use(laterRoutes(deps));

/** For Eden: `treaty<App>(url)`. */
export type App = ReturnType<typeof allRoutes>;
