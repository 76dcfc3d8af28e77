import type { Reusable } from "./cache/cached-prompt.ts";
import { reusable } from "./cache/usable.ts";
import type { CellRow } from "./cell-row.ts";

/** The part of a slot that the choice depends on. */
export interface SlotView extends Reusable {
  index: number;
  busy: boolean;
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
 * @param salt whose prompt it is.
 * @returns undefined when every slot is busy.
 */
export function chooseSlot(
  slots: readonly SlotView[],
  prompt: CellRow,
  salt: string,
): SlotChoice | undefined {
  const views = slots.map((slot) => ({ ...slot, reuse: reusable(slot, prompt, salt) }));
  const idle = views.filter((slot) => !slot.busy).sort((a, b) => a.lastUsed - b.lastUsed);
  const oldest = idle[0];
  if (oldest === undefined) return undefined;
  const best = views.reduce((a, b) => (b.reuse > a.reuse ? b : a));
  const bestIdle = idle.reduce((a, b) => (b.reuse > a.reuse ? b : a));
  const losesTail = bestIdle.cells.length - bestIdle.reuse >= COPY_MIN_TOKENS;
  if (bestIdle.reuse === best.reuse && bestIdle.reuse > 0 && (!losesTail || idle.length === 1)) {
    return { slot: bestIdle.index, reuse: bestIdle.reuse };
  }
  const target = idle.find((slot) => slot.index !== best.index) ?? oldest;
  const gain = best.reuse - target.reuse;
  if (gain >= COPY_MIN_TOKENS && target.index !== best.index) {
    return { slot: target.index, reuse: best.reuse, copyFrom: best.index };
  }
  return { slot: target.index, reuse: target.reuse };
}
