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
   * `new`: no known prompt begins like this one. `differs`: one does, and goes on otherwise. `evicted`: more of it was cached, and is no
   * longer. `busy`: another request is using it. `no_checkpoint`: this model's memory cannot be cut there. `too_short`: evaluating was
   * faster.
   */
  reason: "new" | "differs" | "evicted" | "busy" | "no_checkpoint" | "too_short";
  /** Place of the first token in which the prompt differs from the nearest earlier prompt of the same caller. */
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

/** Why a prompt came from the cache as far as it did. */
export interface CacheDiagnosis extends Partial<CacheLoss> {
  source: CacheReport["source"];
  /** Tokens of the prompt that needed no evaluation. */
  cachedTokens: number;
  /** Tokens that an earlier prompt had and that were evaluated again. */
  missedTokens: number;
  /**
   * `hit`: all that could come from the cache did. `new`: no earlier prompt is like it. `…_changed`: the client sent something else;
   * `manner_changed`: other thinking, template or suffix. `template_moved`: the client sent the same, and the model's template wrote it
   * otherwise. `unloaded`: the model was not in memory meanwhile. The rest is as in {@link CacheMiss}.
   */
  reason:
    | "hit"
    | "new"
    | "model_changed"
    | "system_changed"
    | "tools_changed"
    | "manner_changed"
    | "messages_changed"
    | "template_moved"
    | "unloaded"
    | Exclude<CacheMiss["reason"], "new" | "differs">;
  /** The first message that differs, system messages in front not counted, from 0. */
  message?: number;
  /** Bytes of its text, or of the system messages', before the first that differs. */
  byte?: number;
}

/** How a request asks for a diagnosis. */
export interface DiagnosisRequest {
  /** Shall the answer have the diagnosis? Otherwise the prompt is only remembered, under `id`. */
  wanted: boolean;
  /** The dialect's id of the answer, by which a later request can name it. */
  id?: string;
  /** The answer whose prompt to compare with. Undefined: the nearest one. */
  previousId?: string;
}
