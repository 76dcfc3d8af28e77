import type { CacheLoss, CacheMiss } from "../../../src/intent/cache.ts";
import { MIN_CELLS } from "./min-cells.ts";

/** A prompt that is, or was, cached for the same caller. */
export interface Witness {
  /** How many cells the new prompt and it have in common at the beginning. */
  common: number;
  /** `busy`: in a slot with a request; `held`: cached elsewhere; `gone`: no longer cached. */
  state: "held" | "busy" | "gone";
  loss?: CacheLoss;
}

/**
 * The reason why no more of a prompt came from the cache.
 *
 * @param reused cells that needed no evaluation.
 * @param length cells of the prompt.
 * @returns undefined when all cells came from the cache but the last one, which is always evaluated.
 */
export function explainMiss(
  reused: number,
  length: number,
  witnesses: readonly Witness[],
): CacheMiss | undefined {
  if (reused >= length - 1) return undefined;
  const [nearest] = witnesses.toSorted((a, b) => b.common - a.common || order(a) - order(b));
  if (nearest === undefined || nearest.common === 0) return { reason: "new" };
  const { common: at, state, loss } = nearest;
  if (reused >= Math.min(at, length - 1)) return { reason: "differs", at };
  if (state === "gone" && loss !== undefined) return { reason: "evicted", at, ...loss };
  if (state === "busy") return { reason: "busy", at };
  return { reason: at - reused < MIN_CELLS ? "too_short" : "no_checkpoint", at };
}

/** A prompt that is still cached explains more than one that is gone. */
const order = ({ state }: Witness): number => (state === "gone" ? 1 : 0);
