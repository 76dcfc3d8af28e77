import type { Digest } from "../lib/digest.ts";
import type { StagedBlob } from "../store/blob-files.ts";
import type { Blobs } from "../store/blobs.ts";

/** The files that a create has made and not yet committed. A file that has not become a blob is removed when the create ends. */
export class Staging implements Disposable {
  readonly #blobs: Blobs;
  readonly #files: StagedBlob[] = [];

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** The files to commit. */
  get files(): readonly StagedBlob[] {
    return this.#files;
  }

  /** Has `fill` write a file; see {@link Blobs.stageFile}. */
  async make(fill: (path: string) => Promise<void>, signal: AbortSignal): Promise<StagedBlob> {
    const staged = await this.#blobs.stageFile(fill, signal);
    this.#files.push(staged);
    return staged;
  }

  async add(content: string): Promise<void> {
    this.#files.push(await this.#blobs.stage(new TextEncoder().encode(content)));
  }

  /** The path of a digest's content: a file made here, else its blob. */
  pathOf(digest: Digest): string {
    return this.#files.find((file) => file.digest === digest)?.path ?? this.#blobs.path(digest);
  }

  /** Removes a file that was only a step on the way. */
  drop(digest: Digest): void {
    const at = this.#files.findIndex((file) => file.digest === digest);
    if (at >= 0) this.#blobs.discard(this.#files.splice(at, 1));
  }

  [Symbol.dispose](): void {
    this.#blobs.discard(this.#files);
  }
}
