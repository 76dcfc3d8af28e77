import type { Digest } from "../lib/digest.ts";
import { GRACE_MS } from "./grace.ts";

/** Blobs that must stay although no model names them: garbage collection and the removal of a model leave them. Kept in this process. */
export class BlobHolds {
  readonly #working = new Map<Digest, number>();
  /** Until when each promise holds, in milliseconds since the epoch. */
  readonly #promised = new Map<Digest, number[]>();

  /** Holds blobs for work that takes long, such as a quantization, until the returned scope ends. */
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

  /** Holds a blob for an hour, because a client was told that it is there: the create that needs it may be on its way. */
  promise(digest: Digest, now: number): void {
    this.#promised.set(digest, [...this.#alive(digest, now), now + GRACE_MS]);
  }

  /** A model names the blobs now: one promise of each is fulfilled and ends. */
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
