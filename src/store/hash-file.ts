import { type FileHandle, open } from "node:fs/promises";
import { type Digest, digestOfHex } from "../lib/digest.ts";

/** Hashing holds up the event loop for about a millisecond for a chunk. */
const CHUNK_BYTES = 2 ** 20;
/** Progress is told about ten times a second on a fast disk, however large the file. */
const REPORT_BYTES = 64 * CHUNK_BYTES;

/**
 * Hashes a file. Yields how many bytes are done.
 *
 * @param source its path, or the file itself, which stays open.
 * @param onChunk is given each piece before it is hashed, and must not keep it; a copy is made by writing the pieces.
 * @returns the digest and size of the file as it was read.
 * @throws the signal's reason when aborted; the system's error when the file cannot be read.
 */
export async function* hashFile(
  source: string | FileHandle,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => Promise<void> | void = () => {},
): AsyncGenerator<number, { digest: Digest; size: number }, undefined> {
  const hasher = new Bun.CryptoHasher("sha256");
  const buffer = new Uint8Array(CHUNK_BYTES);
  const file = typeof source === "string" ? await open(source, "r") : source;
  let size = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, size);
      if (bytesRead === 0) return { digest: digestOfHex(hasher.digest("hex")), size };
      const chunk = buffer.subarray(0, bytesRead);
      await onChunk(chunk);
      hasher.update(chunk);
      size += bytesRead;
      if (size % REPORT_BYTES === 0) yield size;
    }
  } finally {
    if (file !== source) await file.close();
  }
}
