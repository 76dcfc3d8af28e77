import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

/** SHA-256 of a file, hex. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * Writes bytes to a file as they come, waiting for the disk where it is slower.
 *
 * @param onBytes told the number of bytes written so far.
 * @returns SHA-256 of the content, hex.
 */
export async function writeHashed(
  body: ReadableStream<Uint8Array>,
  path: string,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  const file = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => file.once("error", reject));
  failed.catch(() => {});
  let done = 0;
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      hash.update(chunk);
      if (!file.write(chunk)) await Promise.race([once(file, "drain"), failed]);
      done += chunk.length;
      onBytes(done);
    }
    file.end();
    await finished(file);
  } finally {
    file.destroy();
  }
  return hash.digest("hex");
}
