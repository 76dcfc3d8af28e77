import { allRoutes, type RouteDeps } from "../../src/http/routes/all.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { FakeCatalog } from "./fake-catalog.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakePromptFiles } from "./fake-prompt-files.ts";
import { FakePuller } from "./fake-puller.ts";
import { FakePusher } from "./fake-pusher.ts";
import { inlineJobs } from "./inline-jobs.ts";
import { memoryKeyRing } from "./memory-keys.ts";
import { memoryResponses } from "./memory-responses.ts";
import { memoryUsage } from "./memory-usage.ts";

/** What routes need that are described and never called. */
export const documentedDeps = (): RouteDeps => ({
  engine: new FakeEngine(),
  jobs: inlineJobs(),
  keys: memoryKeyRing(systemClock),
  catalog: new FakeCatalog(),
  puller: new FakePuller(),
  pusher: new FakePusher(),
  prompts: new FakePromptFiles(),
  responses: memoryResponses(systemClock),
  clock: systemClock,
  logger: silentLogger,
  usage: memoryUsage(systemClock),
  metrics: { record() {}, expose: async () => ({ contentType: "text/plain", text: "" }) },
  readiness: { reason: undefined },
  pictures: { most: 0, mostBytes: 0, mostPixels: 0 },
  stablePrompts: true,
  version: "0.0.0",
});

/** The public routes, to be described and never called. */
export const documentedRoutes = () => allRoutes(documentedDeps());
