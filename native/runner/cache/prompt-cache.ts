import type { CacheReport } from "../../../src/intent/cache.ts";
import { defined } from "../../../src/lib/defined.ts";
import type { CellRow } from "../cell-row.ts";
import type { SlotChoice } from "../choose-slot.ts";
import { type KvCache, slotView } from "../kv-cache.ts";
import { type Slot, workOf } from "../slot.ts";
import type { CachedPrompt } from "./cached-prompt.ts";
import type { DiskEntry, DiskTier } from "./disk/disk-tier.ts";
import { explainMiss, type Witness } from "./explain.ts";
import { Ledger } from "./ledger.ts";
import { type MemoryEntry, MemoryTier } from "./memory-tier.ts";
import { MIN_CELLS } from "./min-cells.ts";
import { cellsHeld, mostReusable, sharedCells } from "./usable.ts";

/**
 * A smaller loss of cells is not worth saving: even the shortest message, with the answer before it, makes a conversation longer by so
 * many.
 */
const MIN_LOSS = 8;
/** A shorter prompt is not worth a file. */
const MIN_DISK_CELLS = 256;
/** A conversation that goes on is written again when it has grown by this part of itself. */
const GROWTH = 0.2;
/** A prompt that has never been used again is worth a file from this length on, when memory has no room for it. */
const MIN_UNUSED_CELLS = 1024;

/** Which prompts are written: those that have grown since they were written last, or all that would otherwise be lost. */
export type Thoroughness = "grown" | "all";

/**
 * The outcome of a request for a slot. `moved`: a state was saved or restored, which is as much as one turn of the loop may do beside
 * a step; the caller asks again. `reading`: its prompt is read from the disk, and `onRead` is called when the caller is to ask again.
 * `full`: no slot is idle.
 */
export type Claim =
  | { type: "ready"; slot: Slot; reuse: number; report: CacheReport }
  | { type: "moved" | "reading" | "full" };

export interface PromptCacheOptions {
  kv: KvCache;
  slots: readonly Slot[];
  /** Most bytes of prompts in memory; 0: none are kept there. */
  memoryBytes: number;
  disk: DiskTier | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Called when a prompt was read for a request that waits for it. */
  onRead(): void;
  /** Called when a file could not be written; the only loss is a later hit. */
  onTrouble(error: unknown): void;
}

/** Where prompts are kept that are in no slot. */
export type CacheTiers = Pick<PromptCacheOptions, "memoryBytes" | "disk" | "now" | "onTrouble">;

type Found =
  | { tier: "memory"; entry: MemoryEntry; usable: number }
  | { tier: "disk"; entry: DiskEntry; usable: number };

/**
 * Slots, memory and disk as one cache of prompts: it keeps prompts that a slot is about to lose, and finds the one that a new prompt begins
 * with.
 */
export class PromptCache {
  readonly #options: PromptCacheOptions;
  readonly #memory: MemoryTier;
  readonly #ledger = new Ledger();
  readonly #reading = new Set<DiskEntry>();
  /** Prompts that were read for waiting requests; kept even beyond the budget until they are in a slot. */
  readonly #read = new Set<MemoryEntry>();
  /** By slot, the tier that its prompt was restored from, until its request has reported it. */
  readonly #restored = new Map<number, "memory" | "disk">();

  constructor(options: PromptCacheOptions) {
    this.#options = options;
    this.#memory = new MemoryTier(options.memoryBytes);
  }

  get memoryBytes(): number {
    return this.#memory.bytes;
  }

  get diskBytes(): number {
    return this.#options.disk?.bytes ?? 0;
  }

  /** Finds an idle slot for a prompt, filled with as much of it as is cached anywhere. */
  claim(row: CellRow, salt: string): Claim {
    const { kv, slots } = this.#options;
    const choice = kv.choose(row, salt);
    if (choice === undefined) return { type: "full" };
    const found = this.#find(row, salt, choice.reuse + MIN_CELLS);
    if (found === undefined) return this.#take(choice, row, salt);
    const oldest = slots
      .filter((slot) => workOf(slot) === undefined)
      .sort((a, b) => a.lastUsed - b.lastUsed)[0]!;
    if (found.tier === "disk") return this.#readFrom(found.entry);
    if (!this.#rescue(oldest, 0, found.entry)) this.#restore(oldest, found.entry, found.usable);
    return { type: "moved" };
  }

  /** Idle slots whose prompts are on no disk, and are worth a file by now. */
  unwritten(how: Thoroughness): Slot[] {
    return this.#options.slots.filter(
      (slot) =>
        workOf(slot) === undefined &&
        slot.intact === slot.cached.length &&
        this.#worthAFile(slotView(slot), how),
    );
  }

  /** Writes the prompt of an idle slot to the disk, while the loop goes on. Copies one state. */
  write(slot: Slot): void {
    const prompt = this.#options.kv.save(slot);
    if (prompt !== undefined) void this.#write(prompt);
  }

  /** Writes all prompts that are worth a file, the last used first. Resolves when they are written. */
  async flush(how: Thoroughness): Promise<void> {
    for (const slot of this.unwritten(how)) this.write(slot);
    const entries = this.#memory.entries.filter((entry) => !entry.onDisk && this.#worthAFile(entry, how));
    await Promise.all(entries.toSorted((a, b) => b.lastUsed - a.lastUsed).map((entry) => this.#write(entry)));
    await this.#options.disk?.written();
  }

  /** Each write is of the whole conversation, so while it goes on it is written again only when it has grown by {@link GROWTH}. */
  #worthAFile(prompt: Pick<CachedPrompt, "cells" | "salt">, how: Thoroughness): boolean {
    const { disk } = this.#options;
    const length = prompt.cells.length;
    if (disk === undefined || length < MIN_DISK_CELLS) return false;
    const missing = length - cellsHeld(disk.entries, prompt);
    return missing >= (how === "all" ? MIN_CELLS : Math.max(MIN_DISK_CELLS, length * GROWTH));
  }

  resize(memoryBytes: number): void {
    this.#memory.resize(memoryBytes);
    this.#shrink();
  }

  /** Drops the prompts that were read from the disk for requests that no longer wait. */
  letGo(): void {
    if (this.#read.size === 0) return;
    this.#read.clear();
    this.#shrink();
  }

  #find(row: CellRow, salt: string, atLeast: number): Found | undefined {
    const { disk } = this.#options;
    const memory = mostReusable(this.#memory.entries, row, salt);
    const file = mostReusable(disk?.entries ?? [], row, salt);
    if (file !== undefined && file.usable >= Math.max(atLeast, (memory?.usable ?? 0) + MIN_CELLS)) {
      return { tier: "disk", ...file };
    }
    return memory !== undefined && memory.usable >= atLeast ? { tier: "memory", ...memory } : undefined;
  }

  #take(choice: SlotChoice, row: CellRow, salt: string): Claim {
    const { kv, slots } = this.#options;
    const slot = slots[choice.slot]!;
    if (this.#rescue(slot, choice.copyFrom === undefined ? choice.reuse : 0)) return { type: "moved" };
    const witnesses = this.#witnesses(row, salt);
    const reuse = kv.prepare(choice);
    slot.salt = salt;
    const source = reuse === 0 ? "none" : choice.copyFrom === undefined ? this.#sourceOf(slot) : "copy";
    this.#restored.delete(slot.index);
    const miss = explainMiss(reuse, row.cells.length, witnesses);
    return { type: "ready", slot, reuse, report: { source, reused: reuse, ...defined({ miss }) } };
  }

  #sourceOf(slot: Slot): CacheReport["source"] {
    return this.#restored.get(slot.index) ?? "slot";
  }

  /**
   * Saves the prompt that a slot is about to lose, if a client may send it again: if it came as a prompt, and is nowhere else in memory.
   * @param keep cells that stay in the slot.
   * @param next is about to be restored, and must not go to make room.
   * @returns true when a state was copied.
   */
  #rescue(slot: Slot, keep: number, next?: MemoryEntry): boolean {
    const { kv, now, disk } = this.#options;
    const { cached, prompted, salt } = slot;
    const inMemory = cellsHeld(this.#memory.entries, { cells: cached, salt });
    if (prompted - Math.max(keep, inMemory) < MIN_LOSS) return false;
    const onDisk = disk?.has({ cells: cached, salt }) ?? false;
    const roomy = this.#memory.admits(kv.savedSize(slot));
    if (!roomy && onDisk) return false;
    const prompt =
      roomy || (disk !== undefined && cached.length >= MIN_DISK_CELLS) ? kv.save(slot) : undefined;
    if (prompt === undefined) {
      this.#ledger.note({ cells: cached, salt }, { evictedAt: now(), evictedBy: "no_room" });
      return false;
    }
    if (!roomy) void this.#write(prompt);
    else this.#shrink(slot, next, this.#memory.add(prompt, now(), onDisk));
    return roomy;
  }

  #restore(slot: Slot, entry: MemoryEntry, usable: number): void {
    const { kv, now } = this.#options;
    const from = this.#read.delete(entry) ? "disk" : "memory";
    if (kv.restore(slot, entry, usable)) {
      this.#memory.used(entry, now());
      this.#restored.set(slot.index, from);
    } else {
      this.#memory.drop(entry);
    }
    this.#shrink();
  }

  #readFrom(entry: DiskEntry): Claim {
    if (!this.#reading.has(entry)) {
      this.#reading.add(entry);
      void this.#load(entry);
    }
    return { type: "reading" };
  }

  async #load(entry: DiskEntry): Promise<void> {
    const { disk, now, onRead, onTrouble } = this.#options;
    try {
      const prompt = await disk?.load(entry, now());
      if (prompt !== undefined) this.#read.add(this.#memory.add(prompt, now(), true));
    } catch (error) {
      disk?.forget(entry);
      onTrouble(error);
    }
    this.#reading.delete(entry);
    onRead();
  }

  /** Makes memory fit its budget. An evicted prompt is written to the disk if it is likely to be used again. */
  #shrink(losing?: Slot, ...spared: (MemoryEntry | undefined)[]): void {
    const { slots, now, disk } = this.#options;
    const inSlots = slots.filter((slot) => slot !== losing).map(slotView);
    const staying = new Set([...this.#read, ...spared.filter((entry) => entry !== undefined)]);
    for (const entry of this.#memory.shrink(inSlots, staying, now())) {
      const { onDisk, hits, cells } = entry;
      if (onDisk || inSlots.some((slot) => sharedCells(slot, cells, entry.salt) === cells.length)) continue;
      if (disk !== undefined && cells.length >= (hits > 0 ? MIN_DISK_CELLS : MIN_UNUSED_CELLS))
        void this.#write(entry);
      else this.#ledger.note(entry, { evictedAt: now(), evictedBy: "memory_budget" });
    }
  }

  async #write(prompt: CachedPrompt & Partial<Pick<MemoryEntry, "onDisk">>): Promise<void> {
    const { disk, now, onTrouble } = this.#options;
    try {
      await disk?.store(prompt, now());
      prompt.onDisk = disk?.has(prompt) ?? false;
    } catch (error) {
      onTrouble(error);
    }
  }

  #witnesses(row: CellRow, salt: string): Witness[] {
    const { slots, disk } = this.#options;
    const limit = row.cells.length;
    const common = (held: Parameters<typeof sharedCells>[0]) =>
      Math.min(limit, sharedCells(held, row.cells, salt));
    const gone = this.#ledger.find(row.cells, salt);
    return [
      ...slots.map(
        (slot): Witness => ({
          common: common(slotView(slot)),
          state: workOf(slot) === undefined ? "held" : "busy",
        }),
      ),
      ...[...this.#memory.entries, ...(disk?.entries ?? [])].map(
        (entry): Witness => ({ common: common(entry), state: "held" }),
      ),
      ...(gone === undefined ? [] : [{ ...gone, state: "gone" } satisfies Witness]),
    ];
  }
}
