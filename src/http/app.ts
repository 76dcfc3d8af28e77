import { Elysia } from "elysia";
import type { Limiter } from "../access/limiter.ts";
import type { LlameroDeps } from "../api/llamero/deps.ts";
import type { OllamaDeps } from "../api/ollama/deps.ts";
import type { ResponseDeps } from "../api/openai/responses/deps.ts";
import type { Config } from "../config/config.ts";
import { madeOnce } from "../lib/made-once.ts";
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
import { firstRoutes } from "./routes/first.ts";

export interface AppDeps extends OllamaDeps, LlameroDeps, ResponseDeps {
  config: Pick<Config, "host" | "origins" | "allowedHosts" | "open" | "trustedProxies">;
  limiter: Limiter;
  machine: Machine;
  traces: Pick<Traces, "record">;
}

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

/** Elysia would otherwise look for the path from the twelfth character of the URL on, where no host name can be of three letters. */
const handler = { standardHostname: false };

/**
 * The whole application, for `Bun.serve` and for tests: `app.handle(new Request(…))`.
 *
 * Two instances of Elysia answer: one from the start on, and one for the {@link laterRoutes}, which is made when a request asks for a
 * path that the first one does not have. The door is before both.
 *
 * Elysia's own clean-up of bodies is off: unknown fields must reach the routes, which warn about them, and key order matters.
 */
export function createApp(deps: AppDeps) {
  const { config, logger, clock, machine, keys, limiter } = deps;
  const [first, routes] = [new RouteTable(), new RouteTable()];
  const guard = createGuard({ config, machine, routes, keys });
  const observers = [accessLog(logger), ...recorders(deps)];
  const observe = createObserve({ clock, routes, observers });
  const server = (): Peers | null => app.server;
  const isUnix = config.host.unix !== undefined;
  const page = createPage();
  const onError = errorHandler(routes, logger);
  const instance = (name: string) =>
    new Elysia({ name, strictPath: true, normalize: false, handler }).onError(onError);

  const later = madeOnce(async () => {
    const { laterRoutes } = await import("./routes/later.ts");
    const loaded = instance("llamero.later").use(laterRoutes(deps));
    loaded.server = app.server;
    routes.add(loaded.routes);
    return loaded.handle;
  });
  /** Loads the application for a path that the first routes do not have. */
  const laterFor = (path: string) => (first.has(path) ? undefined : later());

  const door = createDoor({ guard, limiter, observe, laterFor, nanos: () => clock.nanos(), server, isUnix });
  const app = instance("llamero")
    .wrap((handle) =>
      door(async (request) => {
        const handleLater = await laterFor(new URL(request.url).pathname);
        return (await page.reply(request)) ?? responseOf(await (handleLater ?? handle)(request));
      }),
    )
    .use(firstRoutes(deps))
    .use(docsRoute(deps))
    .use(handbookRoute())
    .use(page.route());
  for (const table of [first, routes]) table.add(app.routes);
  return app;
}

/** For {@link listen} and for tests. */
export type Application = ReturnType<typeof createApp>;
