import { Elysia } from "elysia";
import type { Limiter } from "../access/limiter.ts";
import { anthropicApi } from "../api/anthropic/index.ts";
import type { LlameroDeps } from "../api/llamero/deps.ts";
import { llameroApi } from "../api/llamero/index.ts";
import type { OllamaDeps } from "../api/ollama/deps.ts";
import { ollamaApi } from "../api/ollama/index.ts";
import { openaiApi } from "../api/openai/index.ts";
import type { ResponseDeps } from "../api/openai/responses/deps.ts";
import type { Config } from "../config/config.ts";
import type { RequestObserver } from "../telemetry/request-record.ts";
import type { Traces } from "../telemetry/traces/traces.ts";
import { accessLog } from "./access-log.ts";
import { docsRoute } from "./docs/route.ts";
import { createDoor, type Peers } from "./door.ts";
import { errorHandler } from "./errors.ts";
import { createGuard } from "./guard.ts";
import { handbookRoute } from "./handbook.ts";
import type { Machine } from "./host-check.ts";
import { createObserve } from "./observe.ts";
import { createPage } from "./page/route.ts";
import { RouteTable } from "./route-table.ts";

export interface AppDeps extends OllamaDeps, LlameroDeps, ResponseDeps {
  config: Pick<Config, "host" | "origins" | "allowedHosts" | "open" | "trustedProxies">;
  limiter: Limiter;
  machine: Machine;
  traces: Pick<Traces, "record">;
}

/** The routes of every dialect, without the door: what the OpenAPI document and the typed client are made from. */
export const createRoutes = (deps: OllamaDeps & LlameroDeps & ResponseDeps) =>
  new Elysia({ name: "api" })
    .use(ollamaApi(deps))
    .use(openaiApi(deps))
    .use(anthropicApi(deps))
    .use(llameroApi(deps));

/** Elysia types what `wrap` gives as any function. */
function responseOf(value: unknown): Response {
  if (value instanceof Response) return value;
  throw new TypeError("a handler returned no Response");
}

const recorders = ({ usage, metrics, traces }: AppDeps): RequestObserver[] => [
  (record) => usage.record(record),
  (record) => metrics.record(record),
  (record) => traces.record(record),
];

/**
 * The whole application, for `Bun.serve` and for tests: `app.handle(new Request(…))`.
 *
 * Elysia's own clean-up of bodies is off: unknown fields must reach the routes, which warn about them, and key order matters.
 */
export function createApp(deps: AppDeps) {
  const { config, logger, clock, machine, keys, limiter } = deps;
  const routes = new RouteTable();
  const guard = createGuard({ config, machine, routes, keys });
  const observers = [accessLog(logger), ...recorders(deps)];
  const observe = createObserve({ clock, routes, observers });
  const server = (): Peers | null => app.server;
  const isUnix = config.host.unix !== undefined;
  const page = createPage();
  const door = createDoor({ guard, limiter, observe, nanos: () => clock.nanos(), server, isUnix });
  // Elysia would otherwise look for the path from the twelfth character of the URL on, where no host name can be of three letters.
  const handler = { standardHostname: false };
  const app = new Elysia({ name: "llamero", strictPath: true, normalize: false, handler })
    .onError(errorHandler(routes, logger))
    .wrap((handle) =>
      door(async (request) => (await page.reply(request)) ?? responseOf(await handle(request))),
    )
    .use(createRoutes(deps))
    .use(docsRoute(() => createRoutes(deps), deps.version))
    .use(handbookRoute())
    .use(page.route());
  routes.add(app.routes);
  return app;
}

/** For Eden: `treaty<App>(url)`. */
export type App = ReturnType<typeof createApp>;
