import type { Partial } from "../store/partials.ts";

/** Hashing holds up the event loop for about a millisecond for a chunk. */
const CHUNK_BYTES = 2 ** 20;

/** Feeds `length` bytes of a partial file from `offset` into the hashers. */
export async function hashRange(
  partial: Pick<Partial, "read">,
  offset: number,
  length: number,
  hashers: readonly Bun.CryptoHasher[],
  signal?: AbortSignal,
): Promise<void> {
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, length));
  for (let done = 0; done < length; ) {
    signal?.throwIfAborted();
    const chunk = buffer.subarray(0, Math.min(CHUNK_BYTES, length - done));
    await partial.read(offset + done, chunk);
    for (const hasher of hashers) hasher.update(chunk);
    done += chunk.byteLength;
  }
}
