/** The facts that the value of a cached prompt depends on. */
export interface Kept {
  /** Tokens that no other cached prompt holds: a front that another one begins with as well is not lost with this one. */
  tokens: number;
  /** How often it has served a prompt. */
  hits: number;
  /** Milliseconds since the epoch. */
  lastUsed: number;
}

/** After this time without use a prompt is half as likely to come again. */
const HALF_LIFE_MS = 30 * 60_000;

/**
 * How likely a prompt is to be continued: a prompt that came back once tends to come back again, and one that has long been idle does not.
 */
const likelihood = ({ hits, lastUsed }: Kept, now: number): number =>
  ((hits + 1) / (hits + 2)) * 0.5 ** (Math.max(0, now - lastUsed) / HALF_LIFE_MS);

/** The tokens that keeping a prompt can be expected to save. The same input gives the same number. */
export const worth = (kept: Kept, now: number): number => kept.tokens * likelihood(kept, now);
