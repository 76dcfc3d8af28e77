import { Elysia } from "elysia";
import type { LlameroDeps } from "../../api/llamero/deps.ts";
import { healthRoutes } from "../../api/llamero/health.ts";
import type { OllamaDeps } from "../../api/ollama/deps.ts";
import { ollamaApi } from "../../api/ollama/index.ts";

/** The routes that every server has from its start on. */
export const firstRoutes = (deps: OllamaDeps & LlameroDeps) =>
  new Elysia({ name: "first" }).use(ollamaApi(deps)).use(healthRoutes(deps));
