import { bytesOf, type CachedPrompt } from "./cached-prompt.ts";
import { promptsToEvict, type Row } from "./prompts-to-evict.ts";
import { sharedCells } from "./usable.ts";

export interface MemoryEntry extends CachedPrompt {
  bytes: number;
  /** How often it has served a prompt. */
  hits: number;
  /** Milliseconds since the epoch. */
  lastUsed: number;
  /** The disk holds it too. */
  onDisk: boolean;
}

/** Prompts in the computer's memory, the most valuable that fit a number of bytes. */
export class MemoryTier {
  #budget: number;
  #entries: MemoryEntry[] = [];

  /** @param budget bytes; 0: nothing is kept. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get entries(): readonly MemoryEntry[] {
    return this.#entries;
  }

  get bytes(): number {
    return this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** May a prompt of that many bytes fit? */
  admits(bytes: number): boolean {
    return bytes <= this.#budget;
  }

  /** Keeps a prompt, also beyond the budget. Kept prompts that it begins with are removed: they are part of it now. */
  add(prompt: CachedPrompt, now: number, onDisk: boolean): MemoryEntry {
    const isFront = (entry: MemoryEntry) =>
      sharedCells(entry, prompt.cells, prompt.salt) === entry.cells.length;
    const hits = Math.max(0, ...this.#entries.filter(isFront).map((entry) => entry.hits));
    const entry = { ...prompt, bytes: bytesOf(prompt), hits, lastUsed: now, onDisk };
    this.#entries = [...this.#entries.filter((each) => !isFront(each)), entry];
    return entry;
  }

  resize(budget: number): void {
    this.#budget = budget;
  }

  /**
   * Evicts the least valuable prompts until the rest fits.
   * @param inSlots the prompts of slots, which need not be kept here as well.
   * @param spared entries that stay even beyond the budget.
   * @returns the evicted entries.
   */
  shrink(inSlots: readonly Row[], spared: ReadonlySet<MemoryEntry>, now: number): MemoryEntry[] {
    const candidates = this.#entries.filter((entry) => !spared.has(entry));
    const room = this.#budget - this.bytes + candidates.reduce((sum, { bytes }) => sum + bytes, 0);
    const victims = promptsToEvict(candidates, [...inSlots, ...spared], Math.max(0, room), now);
    this.#entries = this.#entries.filter((entry) => !victims.includes(entry));
    return victims;
  }

  /** Notes that an entry has served a prompt. */
  used(entry: MemoryEntry, now: number): void {
    entry.hits++;
    entry.lastUsed = now;
  }

  drop(entry: MemoryEntry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
  }
}
