import { type CellRow, type MediaSpan, positionOf } from "./cell-row.ts";
import { chooseSlot, type SlotChoice } from "./choose-slot.ts";
import type { Shim } from "./shim.ts";
import type { Slot } from "./slot.ts";

/** The context's cells, seen slot by slot. Keeps `Slot.cached` true to what llama.cpp holds. */
export class KvCache {
  readonly #shim: Shim;
  readonly #slots: readonly Slot[];

  constructor(shim: Shim, slots: readonly Slot[]) {
    this.#shim = shim;
    this.#slots = slots;
  }

  /**
   * Prepares an idle slot for a prompt, its cache cut to the longest prefix that can be used again.
   * @returns undefined when every slot is busy.
   */
  claim(prompt: CellRow): { slot: Slot; reuse: number } | undefined {
    const choice = chooseSlot(
      this.#slots.map((slot) => ({
        index: slot.index,
        busy: slot.job !== undefined,
        cached: slot.cached.slice(0, slot.intact),
        lastUsed: slot.lastUsed,
      })),
      prompt,
    );
    if (choice === undefined) return undefined;
    const slot = this.#slots[choice.slot]!;
    return { slot, reuse: this.#prepare(slot, choice) };
  }

  #prepare(slot: Slot, choice: SlotChoice): number {
    const source = choice.copyFrom === undefined ? undefined : this.#slots[choice.copyFrom];
    if (source !== undefined) {
      this.#shim.shim_copy(source.index, slot.index);
      slot.cached = [...source.cached];
      slot.media = source.media;
      slot.intact = source.intact;
    }
    return this.cut(slot, choice.reuse);
  }

  /** Keeps the first `length` cells, which end within no picture, and returns how many really stayed: recurrent models can only forget everything. */
  cut(slot: Slot, length: number): number {
    if (length === slot.cached.length) return length;
    const position = positionOf(slot.media, length);
    const kept = length > 0 && this.#shim.shim_forget(slot.index, position, -1) ? length : 0;
    if (kept === 0) this.#shim.shim_forget(slot.index, -1, -1);
    slot.cached.length = kept;
    slot.media = slot.media.filter(({ at }) => at < kept);
    slot.intact = Math.min(slot.intact, kept);
    return kept;
  }

  /** Notes that `tokens` were evaluated at the end of a slot. */
  append(slot: Slot, tokens: readonly number[]): void {
    const intact = slot.intact === slot.cached.length;
    for (const token of tokens) slot.cached.push(token);
    if (intact) slot.intact = slot.cached.length;
  }

  /** Notes that the next cells of a picture were evaluated at the end of a slot. */
  appendMedia(slot: Slot, span: MediaSpan, marks: readonly number[]): void {
    if (slot.cached.length === span.at) slot.media = [...slot.media, span];
    this.append(slot, marks);
  }

  /**
   * Makes room by dropping half of what follows the first `keep` tokens; the rest moves down. A picture can neither be split nor moved.
   * @returns false when there is nothing to drop.
   */
  shift(slot: Slot, keep: number): boolean {
    const dropped = Math.floor((slot.cached.length - keep) / 2);
    if (dropped < 1 || slot.media.length > 0) return false;
    this.#shim.shim_forget(slot.index, keep, keep + dropped);
    this.#shim.shim_move(slot.index, keep + dropped, slot.cached.length, -dropped);
    slot.cached.splice(keep, dropped);
    slot.intact = Math.min(slot.intact, keep);
    return true;
  }
}
