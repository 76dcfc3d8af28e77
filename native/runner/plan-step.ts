import type { SlotDemand } from "./slot-demand.ts";

export interface SlotShare {
  slot: number;
  count: number;
  /** The share reaches the slot's last token, whose logits are needed. */
  last: boolean;
}

/**
 * Fills a batch of `capacity` tokens: one token for every generating slot, the rest with prompt chunks in the order given
 * (oldest first), `chunk` of those at most. Every generating slot is in every batch, since there are never more slots than `capacity`.
 *
 * @returns shares in ascending order of slots: llama.cpp evaluates neighbours of one batch together only when their sequence
 * numbers follow one another, and otherwise splits the batch (a third slower with four slots).
 */
export function planStep(demands: readonly SlotDemand[], capacity: number, chunk: number): SlotShare[] {
  const shares: SlotShare[] = [];
  let left = capacity;
  for (const generating of [true, false]) {
    if (!generating) left = Math.min(left, chunk);
    for (const demand of demands) {
      if (demand.generating !== generating || left === 0) continue;
      const count = Math.min(demand.pause ?? demand.remaining, demand.remaining, left);
      shares.push({ slot: demand.slot, count, last: count === demand.remaining && !demand.more });
      left -= count;
    }
  }
  return shares.sort((a, b) => a.slot - b.slot);
}
