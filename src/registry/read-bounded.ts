import { upstream } from "./upstream.ts";

/** The body of a reply, which is refused when it is larger than `most` bytes. */
export async function readBounded(response: Response, most: number, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (size > most) throw upstream(`${what}: it is larger than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
