/** How something that was cached came to be lost. */
export interface CacheLoss {
  /** Milliseconds since the epoch. */
  evictedAt: number;
  /** More valuable prompts needed the memory, it was larger than all of the memory meant for prompts, or too short to be worth keeping. */
  evictedBy: "memory_budget" | "no_room" | "too_short";
}

/** Why no more of a prompt came from the cache. */
export interface CacheMiss extends Partial<CacheLoss> {
  /**
   * `new`: nothing that is known of begins like it. `differs`: what does goes on otherwise. `evicted`: it was cached, and is no more.
   * `busy`: another request is using it. `no_checkpoint`: this model's memory cannot be cut there. `too_short`: evaluating was faster.
   */
  reason: "new" | "differs" | "evicted" | "busy" | "no_checkpoint" | "too_short";
  /** The prompt's first token that the nearest earlier prompt of the same caller does not have there. */
  at?: number;
}

/** Where the front of a prompt came from that needed no evaluation. */
export interface CacheReport {
  source: "none" | "slot" | "copy" | "memory" | "disk";
  /** Tokens of the prompt. */
  reused: number;
  /** Undefined: all of it was cached. */
  miss?: CacheMiss;
}
