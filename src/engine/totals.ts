/** Why a model leaves the memory. */
export type StopReason = "keep_alive" | "unload" | "reload" | "evict" | "memory" | "shutdown";

/** What the engine has done since it was started. */
export interface EngineTotals {
  /** Loads that came to their end, and the seconds that those took together. */
  loads: number;
  loadSeconds: number;
  failedLoads: number;
  /** Models that were told to leave, by why. */
  unloads: Partial<Record<StopReason, number>>;
  /** Runners that died unasked, and those started again afterwards for the same weights. */
  crashes: number;
  restarts: number;
}
