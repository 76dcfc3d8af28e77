import type { Digest } from "../lib/digest.ts";
import { GRACE_MS } from "./grace.ts";

/** Blobs that somebody counts on: neither garbage collection nor the removal of a model takes them. Kept in this process. */
export class BlobHolds {
  readonly #working = new Map<Digest, number>();
  /** Until when each promise holds, in milliseconds since the epoch. */
  readonly #promised = new Map<Digest, number[]>();

  /** Work that needs blobs for long, as a quantization may. It ends with the returned scope. */
  hold(digests: readonly Digest[]): Disposable {
    for (const digest of digests) this.#working.set(digest, (this.#working.get(digest) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        for (const digest of digests) {
          const left = (this.#working.get(digest) ?? 1) - 1;
          if (left === 0) this.#working.delete(digest);
          else this.#working.set(digest, left);
        }
      },
    };
  }

  /** A client has been told that the blob is there, so the create that needs it may be on its way: for an hour at most. */
  promise(digest: Digest, now: number): void {
    this.#promised.set(digest, [...this.#alive(digest, now), now + GRACE_MS]);
  }

  /** A model has come to name the blobs: one promise of each is kept. */
  keep(digests: Iterable<Digest>, now: number): void {
    for (const digest of digests) {
      const left = this.#alive(digest, now).slice(1);
      if (left.length === 0) this.#promised.delete(digest);
      else this.#promised.set(digest, left);
    }
  }

  has(digest: Digest, now: number): boolean {
    return this.#working.has(digest) || this.#alive(digest, now).length > 0;
  }

  #alive(digest: Digest, now: number): number[] {
    return (this.#promised.get(digest) ?? []).filter((until) => until > now);
  }
}
