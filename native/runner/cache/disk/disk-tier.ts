import { createHash } from "node:crypto";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, type CachedPrompt, type Reusable } from "../cached-prompt.ts";
import { cellsHeld, sharedCells } from "../usable.ts";
import { diskBudget, filesToRemove } from "./budget.ts";
import { readFileFront, readPromptFile, writePromptFile } from "./file.ts";
import { EXTENSION, freeBytes, listFolder, makeFolder, removeFile } from "./folder.ts";

export interface DiskSettings {
  /** Folder of all models' caches. */
  root: string;
  /** This model's folder in it. */
  folder: string;
  /** Identifies everything that must be equal for a saved state to mean the same. */
  fingerprint: string;
  /** Cells of the context: a longer prompt, from a larger context, cannot be restored. */
  mostCells: number;
  /** Most bytes of all models' files. */
  bytes: number;
}

export interface DiskEntry extends Reusable {
  path: string;
  bytes: number;
}

/** Prompts on disk. Their files outlive the process; the content of a file is checked before it is used. */
export class DiskTier {
  readonly #settings: DiskSettings;
  #entries: DiskEntry[] = [];
  /** One write after the other. */
  #writing: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(settings: DiskSettings) {
    this.#settings = settings;
  }

  get entries(): readonly DiskEntry[] {
    return this.#entries;
  }

  /** Bytes of this model's files. */
  get bytes(): number {
    return this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Reads which prompts earlier processes have written. */
  async list(now: number): Promise<void> {
    const { folder, fingerprint, mostCells } = this.#settings;
    for (const { path, bytes } of await listFolder(folder, now)) {
      const front = await readFileFront(path);
      if (front === undefined) await removeFile(path);
      else if (front.fingerprint === fingerprint && front.cells.length <= mostCells)
        this.#entries.push(entryOf(front, path, bytes));
    }
  }

  /** Is a prompt on disk already, perhaps as the front of another one? */
  has(prompt: Pick<CachedPrompt, "cells" | "salt">): boolean {
    return cellsHeld(this.#entries, prompt) === prompt.cells.length;
  }

  /** Reads a prompt; undefined, and its file is gone, when a byte of it is wrong. */
  async load(entry: DiskEntry, now: number): Promise<CachedPrompt | undefined> {
    const prompt = await readPromptFile(entry.path, this.#settings.fingerprint);
    if (prompt === undefined) {
      await this.#remove(entry.path);
      return undefined;
    }
    // The time of last use; a file that has just been removed by another runner has none.
    await utimes(entry.path, now / 1000, now / 1000).catch(() => {});
    return prompt;
  }

  /**
   * Writes a prompt, after those that wait already. The files of prompts that it begins with are removed: they are part of it now.
   * Resolves when the file is there, or the prompt is too large for the budget. @throws the error of the file system.
   */
  store(prompt: CachedPrompt, now: number): Promise<void> {
    const written = this.#writing.then(() => this.#write(prompt, now));
    this.#writing = written.catch(() => {});
    return written;
  }

  /** Resolves when no write is under way. */
  written(): Promise<void> {
    return this.#writing;
  }

  /** Forgets a file that cannot be read. */
  forget(entry: DiskEntry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
  }

  /** Ends a write that is under way, and all that follow. */
  stop(): void {
    this.#stop.abort();
  }

  async #write(prompt: CachedPrompt, now: number): Promise<void> {
    this.#stop.signal.throwIfAborted();
    const { folder, fingerprint } = this.#settings;
    await makeFolder(folder);
    if (this.has(prompt) || !(await this.#makeRoom(bytesOf(prompt), now))) return;
    const path = join(folder, `${nameOf(prompt)}${EXTENSION}`);
    await writePromptFile(path, prompt, fingerprint, this.#stop.signal);
    const replaced = this.#entries.filter(
      (entry) => sharedCells(entry, prompt.cells, prompt.salt) === entry.cells.length,
    );
    for (const entry of replaced) {
      if (entry.path !== path) await this.#remove(entry.path);
    }
    this.#entries.push(entryOf(prompt, path, bytesOf(prompt)));
  }

  async #makeRoom(incoming: number, now: number): Promise<boolean> {
    const { root, bytes } = this.#settings;
    const files = await listFolder(root, now);
    const used = files.reduce((sum, file) => sum + file.bytes, 0);
    const budget = diskBudget(bytes, await freeBytes(root), used);
    if (incoming > budget) return false;
    for (const { path } of filesToRemove(files, incoming, budget)) {
      await this.#remove(path);
    }
    return true;
  }

  async #remove(path: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.path !== path);
    await removeFile(path);
  }
}

/** The part of a prompt that is kept in memory: not its states, which may be gigabytes. */
const entryOf = ({ cells, salt, floor, checkpoints }: Reusable, path: string, bytes: number): DiskEntry => ({
  cells,
  salt,
  floor,
  checkpoints: checkpoints.map((each) => ({ cells: each.cells })),
  path,
  bytes,
});

/** The same prompt of the same caller has the same name. */
function nameOf({ salt, cells }: CachedPrompt): string {
  const hash = createHash("sha256").update(`${salt}\0`);
  return hash
    .update(new Uint8Array(Float64Array.from(cells).buffer))
    .digest("hex")
    .slice(0, 32);
}
