import type { CacheLoss, CacheMiss } from "../../../src/intent/cache.ts";
import { MIN_CELLS } from "./min-cells.ts";

/** Something that is, or was, cached for the same caller. */
export interface Witness {
  /** Cells that the prompt begins with as it does. */
  common: number;
  /** `busy`: in a slot that answers somebody; `held`: anywhere else; `gone`: no more. */
  state: "held" | "busy" | "gone";
  loss?: CacheLoss;
}

/**
 * Why no more of a prompt came from the cache.
 *
 * @param reused cells that needed no evaluation.
 * @param length cells of the prompt.
 * @returns undefined when all came from it but the last cell, which is always evaluated.
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

/** What is still there explains more than what is gone. */
const order = ({ state }: Witness): number => (state === "gone" ? 1 : 0);
