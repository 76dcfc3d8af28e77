import { type CellRow, wholeMedia } from "./cell-row.ts";

/** What slot choice looks at. */
export interface SlotView {
  index: number;
  busy: boolean;
  /** Cells whose keys and values the slot's cache holds, in order, up to the first that a context shift has touched. */
  cached: readonly number[];
  /** Rises with every use. */
  lastUsed: number;
}

export interface SlotChoice {
  slot: number;
  /** Cells of the prompt that need no evaluation; they end within no picture. */
  reuse: number;
  /** Copy the cache of this slot first. */
  copyFrom?: number;
}

/** A shorter prefix than this is evaluated faster than a slot's cells are copied. */
const COPY_MIN_TOKENS = 64;

/**
 * Chooses an idle slot for a prompt: the one that the prompt continues; else the least recently used one, with the longest
 * common prefix copied into it when another slot has it (a running conversation, or one that would lose its own tail).
 *
 * At least one token is always left to evaluate: its logits choose the first token of the answer.
 * @returns undefined when every slot is busy.
 */
export function chooseSlot(slots: readonly SlotView[], prompt: CellRow): SlotChoice | undefined {
  const usable = (common: number) => wholeMedia(prompt, Math.min(common, prompt.cells.length - 1));
  const views = slots.map((slot) => ({
    ...slot,
    common: wholeMedia(prompt, commonPrefix(slot.cached, prompt.cells)),
  }));
  const idle = views.filter((slot) => !slot.busy).sort((a, b) => a.lastUsed - b.lastUsed);
  const oldest = idle[0];
  if (oldest === undefined) return undefined;
  const best = views.reduce((a, b) => (b.common > a.common ? b : a));
  const bestIdle = idle.reduce((a, b) => (b.common > a.common ? b : a));
  const losesTail = bestIdle.cached.length - bestIdle.common >= COPY_MIN_TOKENS;
  if (bestIdle.common === best.common && bestIdle.common > 0 && (!losesTail || idle.length === 1)) {
    return { slot: bestIdle.index, reuse: usable(bestIdle.common) };
  }
  const target = idle.find((slot) => slot.index !== best.index) ?? oldest;
  const gain = best.common - target.common;
  if (gain >= COPY_MIN_TOKENS && target.index !== best.index) {
    return { slot: target.index, reuse: usable(best.common), copyFrom: best.index };
  }
  return { slot: target.index, reuse: usable(target.common) };
}

export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}
