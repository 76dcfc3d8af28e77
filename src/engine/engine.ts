import { freemem } from "node:os";
import type { Config } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Engine } from "./port.ts";
import { automaticMemory, promptCacheRoot } from "./prompt-cache.ts";
import type { SpawnRunner } from "./runner/process.ts";
import { Scheduler } from "./scheduler/scheduler.ts";

/** Ollama's number for a machine without a GPU, when the limit is left to it (spec: scheduler §1.3). */
const AUTOMATIC_MAX_LOADED = 3;

/** The engine over runner processes that `spawn` starts. Dispose it to end them. */
export function createEngine(config: Config, logger: Logger, clock: Clock, spawn: SpawnRunner): Engine {
  return new Scheduler({
    limits: {
      maxLoaded: config.maxLoadedModels > 0 ? config.maxLoadedModels : AUTOMATIC_MAX_LOADED,
      maxQueue: config.maxQueue,
      keepAlive: config.keepAlive,
    },
    launch: config,
    cache: {
      memoryBytes: config.cacheRam ?? automaticMemory(freemem()),
      diskBytes: config.cacheDisk,
      root: promptCacheRoot(config.modelsDir),
    },
    loadTimeoutMs: config.loadTimeoutMs,
    logger,
    clock,
    spawn,
    availableBytes: () => Number.POSITIVE_INFINITY,
  });
}
