import { lookup } from "node:dns/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { canSee } from "../native/vision/available.ts";
import { openKeys, openLimiter } from "./access/open-access.ts";
import { engineCache } from "./build-engine.ts";
import type { Config } from "./config/config.ts";
import { describeConfig, type Environment, unusedVariables } from "./config/resolve.ts";
import { hasProxy } from "./config/shared-variables.ts";
import { createEngine } from "./engine/engine.ts";
import { reportEngine } from "./engine/engine-report.ts";
import { createPromptFiles, promptCacheRoot } from "./engine/prompt-cache.ts";
import { createQuantizer } from "./engine/quantizer.ts";
import { runnerEnv } from "./engine/runner/env.ts";
import { createRunnerSpawner } from "./engine/runner/spawn.ts";
import { createApp } from "./http/app.ts";
import { exposureWarnings } from "./http/exposure.ts";
import type { Machine } from "./http/host-check.ts";
import { listen } from "./http/listen.ts";
import { serviceManager } from "./http/service-manager.ts";
import { untilStopped } from "./http/signals.ts";
import { pictureRules } from "./inference/pictures.ts";
import { systemClock } from "./lib/clock.ts";
import { badRequest } from "./lib/errors.ts";
import { createLogger, type Logger } from "./lib/logger.ts";
import { createCatalog } from "./models/create-catalog.ts";
import { checkGoTemplate, goTemplateTraits } from "./models/go-template.ts";
import { takeUpAtStart } from "./models/take-up.ts";
import { startAgent } from "./pool/agent.ts";
import { drainServer } from "./pool/drain.ts";
import { loadKey } from "./registry/auth/key-file.ts";
import { createPuller } from "./registry/create-puller.ts";
import { createPusher } from "./registry/create-pusher.ts";
import { fetchPicture } from "./registry/fetch-picture.ts";
import { pinnedFetch } from "./registry/pinned-fetch.ts";
import type { SessionDeps } from "./registry/session.ts";
import { openStore, type Store } from "./store/store.ts";
import { Metrics } from "./telemetry/metrics/metrics.ts";
import { Readiness } from "./telemetry/readiness.ts";
import { openTraces } from "./telemetry/traces/traces.ts";
import { UsageRecorder } from "./telemetry/usage-recorder.ts";
import { jobRunnerOnDemand } from "./workers/on-demand.ts";
import { WorkerPool } from "./workers/worker-pool.ts";

const RUNNER = join(import.meta.dir, "../native/runner/main.ts");
const PROBE = join(import.meta.dir, "../native/probe/main.ts");
const QUANTIZER = join(import.meta.dir, "../native/quantize/main.ts");

/**
 * The server, from a configuration to its end: opens the store, listens, and waits for SIGINT or SIGTERM. The only place where
 * all rooms meet.
 * @param env the environment that `config` came from, for what runners inherit and for warnings.
 */
export async function serve(config: Config, env: Environment, version: string): Promise<void> {
  const logger = createLogger(config.logLevel, config.logFormat);
  logger.info("server config", Object.fromEntries(describeConfig(config)));
  for (const name of unusedVariables(env)) logger.warn("environment variable has no effect", { name });
  using store = openModels(config, logger);
  await takeUpAtStart(store, logger);
  const catalog = createCatalog({
    store,
    checkTemplate: checkGoTemplate,
    goTraits: goTemplateTraits,
    preferGo: config.goTemplate,
    canSee: () => canSee(engineCache(config)),
    quantize: createQuantizer({
      program: QUANTIZER,
      library: config.llmLibrary,
      cache: engineCache(config),
      env: runnerEnv(env),
    }),
  });
  await using _report = reportEngine(
    {
      program: PROBE,
      library: config.llmLibrary,
      threads: config.numThreads,
      cache: engineCache(config),
      env: runnerEnv(env),
    },
    logger,
  );
  await using engine = createEngine(config, logger, systemClock, runnerSpawner(config, env));
  const { agentCheck: address, numParallel: leastSlots } = config;
  using agent = startAgent({ address, engine, leastSlots, clock: systemClock });
  using workers = new WorkerPool();
  using usage = new UsageRecorder({ books: store.usage, clock: systemClock, logger, days: config.usageDays });
  const transfers = {
    store,
    clock: systemClock,
    logger,
    session: registrySession(config, env, version, logger),
  };
  await using puller = createPuller({ ...transfers, draftModels: config.draftModels });
  await using pusher = createPusher(transfers);
  const doors = { books: store, clock: systemClock, logger };
  using keys = openKeys(config, doors);
  await using limiter = await openLimiter(config, doors);
  for (const warning of exposureWarnings(config, keys.required())) logger.warn(warning);
  await using traces = await openTraces({
    endpoint: config.tracesEndpoint,
    serviceName: config.serviceName,
    version,
    logger,
    clock: systemClock,
  });
  const readiness = new Readiness();
  const app = createApp({
    keys,
    limiter,
    catalog,
    puller,
    pusher,
    engine,
    jobs: jobRunnerOnDemand(workers),
    prompts: createPromptFiles(promptCacheRoot(config.modelsDir)),
    responses: store.responses,
    usage,
    metrics: new Metrics({ engine, puller, version, startedAt: systemClock.now() }),
    readiness,
    traces,
    captureContent: config.captureContent,
    pictures: pictureRules(config, pictureFetcher(config, env)),
    stablePrompts: config.stablePrompts,
    config,
    clock: systemClock,
    logger,
    version,
    machine: thisMachine(),
  });
  await using server = await listen(app, config);
  logger.info(`Listening on ${server.url} (version ${version})`);
  using manager = serviceManager(env, systemClock, logger);
  readiness.ready();
  manager.ready();
  agent.enter("ready");
  const signal = await stopped(logger);
  readiness.stopping();
  if (signal === "SIGTERM")
    await drainServer({ agent, engine, clock: systemClock, still: manager.stillStopping });
  manager.stopping();
  // While connections are still open, so that clients that wait for an answer or a transfer are told how it ended.
  await Promise.all([engine, puller, pusher].map((room) => room[Symbol.asyncDispose]()));
}

/** @throws AppError naming the variable when the directory cannot be used. */
function openModels({ modelsDir: directory, noPrune }: Config, logger: Logger): Store {
  try {
    return openStore({ directory, noPrune, logger });
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw badRequest(`OLLAMA_MODELS=${JSON.stringify(directory)} cannot be used: ${error.message}`);
  }
}

/** The settings of sessions with registries: which ones, through which proxies and mirrors, with which keys. */
function registrySession(config: Config, env: Environment, version: string, logger: Logger): SessionDeps {
  return {
    fetch: fetcher(env),
    policy: {
      allowed: config.allowedRegistries,
      lookup: addressesOf,
    },
    mirrors: config.registryMirrors,
    logger,
    clock: systemClock,
    key: () => loadKey(config.homeDir),
    userAgent: `llamero/${version} (${process.arch} ${process.platform}) Bun/${Bun.version}`,
    huggingFaceToken: config.huggingFaceToken || undefined,
  };
}

/** Fetches images by URL, where the configuration lists hosts. */
function pictureFetcher(config: Config, env: Environment) {
  const source = {
    hosts: config.imageHosts,
    mostBytes: config.maxImageMegabytes * 1_000_000,
    lookup: addressesOf,
    fetch: fetcher(env),
  };
  return (url: string, signal: AbortSignal) => fetchPicture(url, source, signal);
}

/** @returns as `fetch`, to an address that was checked. */
const fetcher =
  (env: Environment) =>
  (url: string, init: BunFetchRequestInit, address?: string): Promise<Response> =>
    // A proxy may know hosts by their names alone.
    pinnedFetch(url, init, hasProxy(env, new URL(url).protocol) ? undefined : address);

const addressesOf = async (hostname: string): Promise<string[]> =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

function runnerSpawner(config: Config, env: Environment) {
  return createRunnerSpawner({
    runnerPath: RUNNER,
    args: [config.llmLibrary, engineCache(config)],
    env: runnerEnv(env),
    clock: systemClock,
  });
}

function thisMachine(): Machine {
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
  return { hostname: hostname(), addresses };
}

async function stopped(logger: Logger): Promise<NodeJS.Signals> {
  const signal = await untilStopped();
  logger.info("stopping", { signal });
  return signal;
}
