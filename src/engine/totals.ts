/** Why a model leaves the memory. */
export type UnloadReason = "keep_alive" | "unload" | "reload" | "evict" | "memory" | "shutdown";

/** The engine's counts since it was started. */
export interface EngineTotals {
  /** Loads that succeeded, and the seconds that those took together. */
  loads: number;
  loadSeconds: number;
  failedLoads: number;
  /** Models that were unloaded, by reason; a reason that has not occurred is 0, so that a monitor sees the first time as an increase. */
  unloads: Record<UnloadReason, number>;
  /** Runners that died unasked, and those started again afterwards for the same weights. */
  crashes: number;
  restarts: number;
}

/** Of an engine that has done nothing yet. */
export const noTotals = (): EngineTotals => ({
  loads: 0,
  loadSeconds: 0,
  failedLoads: 0,
  unloads: { keep_alive: 0, unload: 0, reload: 0, evict: 0, memory: 0, shutdown: 0 },
  crashes: 0,
  restarts: 0,
});
