import type { KeepAlive } from "../../lib/duration.ts";

/** What the choice of a victim depends on. */
export interface Candidate {
  keepAlive: KeepAlive;
  /** A counter that grows with every use. */
  lastUsed: number;
}

/**
 * Which model makes room: the least recently used one. A model that goes anyway as soon as it is idle (keep-alive 0) comes before
 * the others and a pinned one after them, for pinning is the user's word that it be kept; it still goes when it is the last choice,
 * else the request would wait for ever.
 *
 * Ollama sorts by keep-alive alone, so a model in constant use may go before one that nobody has asked for in an hour.
 */
export function chooseVictim<C extends Candidate>(candidates: readonly C[]): C | undefined {
  return candidates.toSorted((a, b) => reluctance(a) - reluctance(b) || a.lastUsed - b.lastUsed)[0];
}

function reluctance({ keepAlive }: Candidate): number {
  if (keepAlive === 0) return 0;
  return keepAlive === Number.POSITIVE_INFINITY ? 2 : 1;
}
