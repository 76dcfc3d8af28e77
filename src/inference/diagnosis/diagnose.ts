import type { CacheDiagnosis, CacheReport } from "../../intent/cache.ts";
import { compareOutlines } from "./compare.ts";
import type { Earlier } from "./history.ts";
import type { Outline } from "./outline.ts";

/** Tokens in front of an answer that a template may write otherwise once the answer is a message of the history: so few are no miss. */
const SLACK_TOKENS = 24;

export interface AnsweredPrompt {
  outline: Outline;
  promptTokens: number;
  cachedTokens: number;
  /** Undefined where the engine does not say. */
  report?: CacheReport;
  /** When the model was loaded, milliseconds since the epoch. */
  loadedAt?: number;
}

/** Why a prompt came from the cache as far as it did, compared with an earlier one of the same caller. */
export function diagnose(answered: AnsweredPrompt, earlier: Earlier | undefined): CacheDiagnosis {
  const { outline, promptTokens, cachedTokens, report } = answered;
  const counts = { source: report?.source ?? "none", cachedTokens, missedTokens: 0 };
  if (earlier === undefined) {
    return { ...counts, reason: cachedTokens >= promptTokens - 1 ? "hit" : "new" };
  }
  const reachable = Math.min(earlier.tokens, promptTokens - 1);
  const isNothing = cachedTokens === 0 && reachable > 0;
  if (cachedTokens >= reachable - SLACK_TOKENS && !isNothing) return { ...counts, reason: "hit" };
  const missed = { ...counts, missedTokens: reachable - cachedTokens };
  const { type, ...place } = compareOutlines(earlier.outline, outline);
  if (type !== "extends") return { ...missed, reason: type, ...place };
  return { ...missed, ...lostReason(answered, earlier) };
}

/** Why the server did not keep a prompt that the client sent again unchanged. */
function lostReason(
  { report, loadedAt = 0 }: AnsweredPrompt,
  { at }: Earlier,
): Pick<CacheDiagnosis, "reason" | "evictedAt" | "evictedBy"> {
  const { reason = "differs", evictedAt, evictedBy } = report?.miss ?? {};
  if (evictedAt !== undefined && evictedBy !== undefined) return { reason: "evicted", evictedAt, evictedBy };
  if (reason === "new" || reason === "differs") {
    return { reason: loadedAt > at ? "unloaded" : "template_moved" };
  }
  return { reason };
}
