import type { Partial } from "../store/partials.ts";
import type { PartProgress } from "../store/pull-blobs.ts";

/** A part while it is fetched. */
export interface LivePart {
  readonly position: number;
  readonly offset: number;
  readonly length: number;
  /** Bytes from its start that are in the file. */
  done: number;
  /** SHA-256 of the part as it came; set when it is whole. */
  sha256: string | null;
}

/** The parts of a partial file in memory, written to the books often enough that a crash costs little. */
export class PartLedger {
  readonly parts: readonly LivePart[];
  readonly #partial: Partial;
  readonly #onProgress: (done: number) => void;
  readonly #limit: number;
  readonly #changed = new Set<LivePart>();
  #done: number;
  #unsaved = 0;
  #saving: Promise<void> | undefined;

  /**
   * @param limit bytes that may be written before they are noted. Up to twice as many may have to be fetched again after a crash.
   * @param onProgress told how many bytes of the blob are there.
   */
  constructor(partial: Partial, limit: number, onProgress: (done: number) => void) {
    this.#partial = partial;
    this.#limit = limit;
    this.#onProgress = onProgress;
    this.parts = partial.parts.map(({ position, offset, length, done, sha256 }) => ({
      position,
      offset,
      length,
      done,
      sha256,
    }));
    this.#done = this.parts.reduce((sum, part) => sum + part.done, 0);
    onProgress(this.#done);
  }

  get incomplete(): LivePart[] {
    return this.parts.filter(({ sha256 }) => sha256 === null);
  }

  /** Writes the next bytes of a part. Waits while what was written before is being noted. */
  async append(part: LivePart, bytes: Uint8Array): Promise<void> {
    await this.#partial.write(part.offset + part.done, bytes);
    part.done += bytes.byteLength;
    this.#done += bytes.byteLength;
    this.#unsaved += bytes.byteLength;
    this.#changed.add(part);
    this.#onProgress(this.#done);
    if (this.#unsaved >= this.#limit) await this.save();
  }

  complete(part: LivePart, sha256: string): void {
    part.sha256 = sha256;
    this.#changed.add(part);
  }

  /** Forgets the bytes of a part. */
  reset(part: LivePart): void {
    this.#done -= part.done;
    part.done = 0;
    part.sha256 = null;
    this.#changed.add(part);
    this.#onProgress(this.#done);
  }

  /** Notes everything that has been written until now. */
  async save(): Promise<void> {
    // The save under way may have begun before the last bytes were written; the next one notes them.
    if (this.#saving !== undefined) await this.#saving;
    if (this.#changed.size === 0) return;
    this.#saving ??= this.#saveNow().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  async #saveNow(): Promise<void> {
    const progress: PartProgress[] = [...this.#changed].map(({ position, done, sha256 }) => ({
      position,
      done,
      sha256,
    }));
    this.#changed.clear();
    this.#unsaved = 0;
    await this.#partial.save(progress);
  }
}
