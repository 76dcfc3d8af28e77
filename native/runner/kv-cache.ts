import type { CachedPrompt, Checkpoint } from "./cache/cached-prompt.ts";
import { type MemoryKind, memoryKind } from "./cache/memory-kind.ts";
import { loadState, saveState, stateSize } from "./cache/state.ts";
import { type CellRow, type MediaSpan, positionOf } from "./cell-row.ts";
import { chooseSlot, type SlotChoice, type SlotView } from "./choose-slot.ts";
import type { Shim } from "./shim.ts";
import { emptySlot, type Slot, workOf } from "./slot.ts";

/** Bounds on what one slot remembers beside the context. */
const MOST_CHECKPOINTS = 8;
const MOST_CHECKPOINT_BYTES = 256 * 2 ** 20;

/** The context's cells, slot by slot. Keeps `Slot.cached` equal to the cells in llama.cpp. */
export class KvCache {
  readonly kind: MemoryKind;
  readonly #shim: Shim;
  readonly #slots: readonly Slot[];

  constructor(shim: Shim, slots: readonly Slot[]) {
    this.#shim = shim;
    this.#slots = slots;
    this.kind = memoryKind(shim);
  }

  /** @returns undefined when every slot is busy. */
  choose(prompt: CellRow, salt: string): SlotChoice | undefined {
    return chooseSlot(this.#slots.map(slotView), prompt, salt);
  }

  /** Cuts the chosen slot to the cells that the prompt uses. @returns how many those are. */
  prepare({ slot: index, copyFrom, reuse }: SlotChoice): number {
    const slot = this.#slots[index]!;
    const source = copyFrom === undefined ? undefined : this.#slots[copyFrom];
    if (source !== undefined) {
      this.#shim.shim_copy(source.index, slot.index);
      const { cached, media, intact, floor, checkpoints, salt, prompted } = source;
      Object.assign(slot, { media, intact, floor, salt, prompted });
      slot.cached = [...cached];
      slot.checkpoints = [...checkpoints];
    }
    return this.cut(slot, reuse);
  }

  /**
   * Keeps the first `length` cells, which end within no picture.
   * @returns how many really stayed: where that is neither at the slot's floor or above nor at a checkpoint, everything is forgotten.
   */
  cut(slot: Slot, length: number): number {
    if (length === slot.cached.length) return length;
    if (length === 0 || !this.#forgetBehind(slot, length)) {
      const { salt } = slot;
      this.clear(slot);
      // The slot is still this caller's: its next cells must not serve another one.
      slot.salt = salt;
      return 0;
    }
    slot.cached.length = length;
    slot.media = slot.media.filter(({ at }) => at < length);
    slot.checkpoints = slot.checkpoints.filter(({ cells }) => cells <= length);
    slot.intact = Math.min(slot.intact, length);
    slot.prompted = Math.min(slot.prompted, length);
    return length;
  }

  #forgetBehind(slot: Slot, length: number): boolean {
    if (length < slot.floor) {
      const checkpoint = slot.checkpoints.find(({ cells }) => cells === length);
      if (checkpoint === undefined || !this.#load(slot, checkpoint.state, true)) return false;
      slot.floor = length;
    }
    return this.#shim.shim_forget(slot.index, positionOf(slot.media, length), -1);
  }

  /** Notes that `tokens` were evaluated at the end of a slot. */
  append(slot: Slot, tokens: readonly number[]): void {
    const intact = slot.intact === slot.cached.length;
    for (const token of tokens) slot.cached.push(token);
    if (intact) slot.intact = slot.cached.length;
    if (this.kind === "whole" || this.kind === "closed") slot.floor = slot.cached.length;
  }

  /** Notes that the next cells of a picture were evaluated at the end of a slot. */
  appendMedia(slot: Slot, span: MediaSpan, marks: readonly number[]): void {
    if (slot.cached.length === span.at) slot.media = [...slot.media, span];
    this.append(slot, marks);
  }

  /**
   * Makes room by dropping half of the cells behind the first `keep`; the rest moves down. A picture can neither be split nor moved.
   * @returns false when there is nothing to drop.
   */
  shift(slot: Slot, keep: number): boolean {
    const dropped = Math.floor((slot.cached.length - keep) / 2);
    if (dropped < 1 || slot.media.length > 0) return false;
    this.#shim.shim_forget(slot.index, keep, keep + dropped);
    this.#shim.shim_move(slot.index, keep + dropped, slot.cached.length, -dropped);
    slot.cached.splice(keep, dropped);
    slot.intact = Math.min(slot.intact, keep);
    slot.checkpoints = slot.checkpoints.filter(({ cells }) => cells <= keep);
    return true;
  }

  /** Removes the cells of a wrong guess, which are behind those that were noted. */
  trim(slot: Slot): void {
    this.#shim.shim_forget(slot.index, positionOf(slot.media, slot.cached.length), -1);
  }

  /** Saves the state of a memory that cannot be cut back, as it is now. */
  checkpoint(slot: Slot): void {
    const cells = slot.cached.length;
    if (slot.intact < cells || slot.checkpoints.some((each) => each.cells === cells)) return;
    const state = saveState(this.#shim, slot.index, { partial: true });
    if (state === undefined) return;
    slot.checkpoints = withinLimits([...slot.checkpoints, { cells, state }]);
  }

  /** Bytes that {@link save} would take, without the checkpoints that are there anyway. */
  savedSize(slot: Slot): number {
    return stateSize(this.#shim, slot.index, { partial: false });
  }

  /** A copy of a slot outside of the context; undefined when its state could not be restored as it is. */
  save(slot: Slot): CachedPrompt | undefined {
    if (this.kind === "closed" || slot.intact < slot.cached.length || slot.cached.length === 0)
      return undefined;
    const state = saveState(this.#shim, slot.index, { partial: false });
    if (state === undefined) return undefined;
    const { cached, media, checkpoints, salt } = slot;
    const floor = this.kind === "anywhere" ? 0 : cached.length;
    return { cells: [...cached], media, checkpoints, salt, state, floor };
  }

  /** Fills a slot with the first `length` cells of a saved prompt. False: it could not be, and the slot is empty. */
  restore(slot: Slot, prompt: CachedPrompt, length: number): boolean {
    this.clear(slot);
    if (!this.#load(slot, prompt.state, false)) {
      this.clear(slot);
      return false;
    }
    const { cells, media, checkpoints, salt, floor } = prompt;
    Object.assign(slot, { media, salt, floor, intact: cells.length, prompted: cells.length });
    slot.cached = [...cells];
    slot.checkpoints = [...checkpoints];
    return this.cut(slot, length) === length;
  }

  /** Forgets all that a slot holds. */
  clear(slot: Slot): void {
    this.#shim.shim_forget(slot.index, -1, -1);
    const { index, lastUsed, job, decision } = slot;
    Object.assign(slot, { ...emptySlot(index), lastUsed, job, decision });
  }

  #load(slot: Slot, state: Uint8Array, partial: boolean): boolean {
    return loadState(this.#shim, slot.index, state, { partial });
  }
}

/** The last checkpoint is the likeliest to be used; the first comes next, since instructions at the front are what prompts share. */
function withinLimits(checkpoints: readonly Checkpoint[]): Checkpoint[] {
  const kept = [...checkpoints];
  const bytes = () => kept.reduce((sum, { state }) => sum + state.byteLength, 0);
  while (kept.length > 1 && (kept.length > MOST_CHECKPOINTS || bytes() > MOST_CHECKPOINT_BYTES)) {
    kept.splice(kept.length > 2 ? 1 : 0, 1);
  }
  return kept;
}

/** The part of a slot that the choice depends on. */
export function slotView(slot: Slot): SlotView {
  const { index, floor, checkpoints, salt, lastUsed, cached, intact } = slot;
  const cells = intact === cached.length ? cached : cached.slice(0, intact);
  return { index, busy: workOf(slot) !== undefined, cells, floor, checkpoints, salt, lastUsed };
}
