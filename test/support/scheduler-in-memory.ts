import type { LaunchDefaults } from "../../src/engine/launch.ts";
import type { Engine, EngineEvent, Lease, LoadSpec } from "../../src/engine/port.ts";
import type { CacheLimits } from "../../src/engine/prompt-cache.ts";
import type { SpawnRunner } from "../../src/engine/runner/process.ts";
import { Scheduler } from "../../src/engine/scheduler/scheduler.ts";
import type { SchedulerLimits } from "../../src/engine/scheduler/state.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { LAUNCH_DEFAULTS, specFor } from "./engine-fixtures.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryRunners } from "./memory-runner.ts";

export interface SchedulerInMemory {
  engine: Engine;
  clock: FakeClock;
  runners: MemoryRunners;
  /** Asks for a lease without anything that cancels it. */
  acquire(spec?: LoadSpec, keepAlive?: number): Promise<Lease>;
}

/** The real scheduler over runners in memory and a clock that stands still. */
export function schedulerInMemory(
  options: Partial<SchedulerLimits & LaunchDefaults> & {
    loadTimeoutMs?: number;
    spawn?: SpawnRunner;
    cache?: CacheLimits;
  } = {},
): SchedulerInMemory {
  const clock = new FakeClock();
  const runners = new MemoryRunners();
  const engine = new Scheduler({
    availableBytes: () => Number.POSITIVE_INFINITY,
    limits: { maxLoaded: 1, maxQueue: 512, keepAlive: 300_000, ...options },
    launch: { ...LAUNCH_DEFAULTS, ...options },
    ...(options.cache && { cache: options.cache }),
    loadTimeoutMs: options.loadTimeoutMs ?? 60_000,
    logger: silentLogger,
    clock,
    spawn: options.spawn ?? runners.spawn,
  });
  const signal = new AbortController().signal;
  const acquire = (spec = specFor("a"), keepAlive?: number) =>
    engine.acquire(spec, { signal, ...(keepAlive === undefined ? {} : { keepAlive }) });
  return { engine, clock, runners, acquire };
}

/** An engine with one model in memory, and a lease on it. */
export async function leased(numParallel = 1) {
  const memory = schedulerInMemory({ numParallel });
  const acquired = memory.acquire();
  const runner = memory.runners.last;
  runner.load();
  return { ...memory, runner, lease: await acquired };
}

/** Every event of an answer. */
export async function collect(events: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const all: EngineEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
