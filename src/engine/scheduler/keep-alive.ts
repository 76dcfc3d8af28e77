import type { KeepAlive } from "../../lib/duration.ts";

/** What becomes of a model at the moment when nobody uses it any more. */
export type IdlePlan =
  | { type: "stop" }
  /** `timerMs` is absent when the model is pinned. */
  | { type: "keep"; expiresAt: number; timerMs?: number };

/**
 * Spec: scheduler §1.7. Keep-alive 0 ends the model at once, `Infinity` never.
 * @param now milliseconds since the epoch.
 */
export function planIdle(now: number, keepAlive: KeepAlive): IdlePlan {
  if (keepAlive <= 0) return { type: "stop" };
  if (keepAlive === Number.POSITIVE_INFINITY) return { type: "keep", expiresAt: keepAlive };
  return { type: "keep", expiresAt: now + keepAlive, timerMs: keepAlive };
}

/**
 * When a model goes, as far as one can tell at `now`: what loads or works is taken to end now, what is being unloaded has expired.
 * @returns milliseconds since the epoch.
 */
export function estimateExpiry(
  now: number,
  model: { keepAlive: KeepAlive; expiresAt?: number; leaving: boolean },
): number {
  if (model.leaving) return now;
  return model.expiresAt ?? now + model.keepAlive;
}
