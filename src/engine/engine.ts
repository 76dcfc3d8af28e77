import { freemem } from "node:os";
import type { Config } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import { availableMemory, hostMemory } from "./machine-memory.ts";
import type { Engine } from "./port.ts";
import { automaticMemory, promptCacheRoot } from "./prompt-cache.ts";
import type { SpawnRunner } from "./runner/process.ts";
import { Scheduler } from "./scheduler/scheduler.ts";

/** The engine over runner processes that `spawn` starts. Dispose it to end them. */
export function createEngine(config: Config, logger: Logger, clock: Clock, spawn: SpawnRunner): Engine {
  return new Scheduler({
    limits: {
      maxLoaded: config.maxLoadedModels,
      maxQueue: config.maxQueue,
      keepAlive: config.keepAlive,
    },
    launch: config,
    cache: {
      memoryBytes: config.cacheRam ?? automaticMemory(hostMemory() ?? freemem()),
      diskBytes: config.cacheDisk,
      root: promptCacheRoot(config.modelsDir),
    },
    loadTimeoutMs: config.loadTimeoutMs,
    logger,
    clock,
    spawn,
    availableBytes: availableMemory,
  });
}
