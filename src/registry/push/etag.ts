import type { BlobFile } from "./blob-file.ts";

/**
 * The checksum that Ollama's registry gets at the end: the MD5 of the MD5s of all parts, and the number of parts (docs/behaviour:
 * registry-and-store §7).
 *
 * @param known MD5s of parts that were sent whole, by their number; the others are read again.
 */
export async function etagOf(
  known: ReadonlyMap<number, Uint8Array>,
  file: Pick<BlobFile, "md5">,
  size: number,
  partBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const count = Math.ceil(size / partBytes);
  const hasher = new Bun.CryptoHasher("md5");
  for (let index = 0; index < count; index++) {
    const start = index * partBytes;
    hasher.update(known.get(index) ?? (await file.md5(start, Math.min(size, start + partBytes), signal)));
  }
  return `${hasher.digest("hex")}-${count}`;
}
