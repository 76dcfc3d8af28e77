import type { KeyRing } from "../../src/access/key-ring.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { type Application, createApp } from "../../src/http/app.ts";
import { laterRoutes } from "../../src/http/routes/later.ts";
import { pictureRules } from "../../src/inference/pictures.ts";
import { createLogger } from "../../src/lib/logger.ts";
import type { ResolvedModel } from "../../src/models/catalog.ts";
import { Metrics } from "../../src/telemetry/metrics/metrics.ts";
import { Readiness } from "../../src/telemetry/readiness.ts";
import type { Traces } from "../../src/telemetry/traces/traces.ts";
import { documentedDeps } from "./documented-routes.ts";
import { FakeCatalog, fakeModel } from "./fake-catalog.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakePromptFiles } from "./fake-prompt-files.ts";
import { FakePuller } from "./fake-puller.ts";
import { FakePusher } from "./fake-pusher.ts";
import { inlineJobs } from "./inline-jobs.ts";
import { memoryKeyRing, memoryLimiter } from "./memory-keys.ts";
import { memoryResponses } from "./memory-responses.ts";
import { memoryUsage } from "./memory-usage.ts";
import { checkedReply } from "./reply-schemas.ts";

/** 2026-01-02T03:04:05.25Z */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 250);

export interface FakeApp {
  app: Application;
  engine: FakeEngine;
  catalog: FakeCatalog;
  puller: FakePuller;
  pusher: FakePusher;
  prompts: FakePromptFiles;
  clock: FakeClock;
  keys: KeyRing;
  readiness: Readiness;
  /** Log lines so far. */
  log: string[];
  /** Sends JSON (or a body as it is, when it is a string) and returns the reply, which is checked against its route's schemas (`checkedReply`). */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/**
 * The application over a fake engine and catalog.
 *
 * @param models default: one that completes text, called `test`.
 * @param env OLLAMA_* settings.
 * @param traces told of every request. Default: nobody.
 */
export function fakeApp(
  models: ResolvedModel[] = [fakeModel("test")],
  env: Record<string, string> = {},
  traces: Pick<Traces, "record"> = { record() {} },
): FakeApp {
  const engine = new FakeEngine();
  const catalog = new FakeCatalog(...models);
  const puller = new FakePuller();
  const pusher = new FakePusher();
  const prompts = new FakePromptFiles();
  const clock = new FakeClock(NOW);
  const log: string[] = [];
  const readiness = new Readiness();
  readiness.ready();
  const config = resolveConfig(env, { homedir: "/home/test" });
  const keys = memoryKeyRing(clock, config.requireKeys);
  const limiter = memoryLimiter(clock);
  const app = createApp({
    keys,
    limiter,
    engine,
    jobs: inlineJobs(),
    catalog,
    puller,
    pusher,
    prompts,
    responses: memoryResponses(clock),
    usage: memoryUsage(clock),
    metrics: new Metrics({ engine, puller, version: "1.2.3", startedAt: NOW }),
    readiness,
    traces,
    captureContent: config.captureContent,
    clock,
    logger: createLogger("info", "text", (line) => log.push(line)),
    config,
    pictures: pictureRules(config, async () => pictureAtUrl),
    stablePrompts: config.stablePrompts,
    version: "1.2.3",
    machine: { hostname: "box", addresses: ["203.0.113.7"] },
  });
  const send: FakeApp["send"] = async (method, path, body, headers = {}) => {
    const request = new Request(`http://localhost:11434${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return checkedReply(request, await app.handle(request));
  };
  return { app, engine, catalog, puller, pusher, prompts, clock, keys, readiness, log, send };
}

/** Method and path of every route of a server, those included that are loaded later. */
export const everyRoute = (): { method: string; path: string }[] => [
  ...fakeApp().app.routes,
  ...laterRoutes(documentedDeps()).routes,
];

/** The lines of a streamed reply. */
export const linesOf = async (response: Response): Promise<unknown[]> =>
  (await response.text())
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** What every URL leads to, where images may be fetched: the head of a PNG. */
const pictureAtUrl = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The prompts of the generations so far. */
export const promptsOf = ({ engine }: FakeApp): string[] =>
  engine.tasks.map(({ tokens }) => String.fromCodePoint(...tokens));
