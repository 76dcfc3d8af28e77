import type { HeaderCursor } from "./cursor.ts";
import { MOST_STRING_BYTES } from "./limits.ts";
import { GgufStrings } from "./strings.ts";

/** Bytes of the length that precedes a string. */
const LENGTH_BYTES = 8;

/** `count` strings into one growing buffer, which is never more than twice as large as what has been read into it. */
export async function readStrings(cursor: HeaderCursor, count: number): Promise<GgufStrings> {
  const ends = new Uint32Array(count);
  let bytes = new Uint8Array(1024);
  let end = 0;
  for (let index = 0; index < count; index++) {
    // Awaited only where a chunk ends: a vocabulary has a quarter of a million strings.
    if (cursor.buffered < LENGTH_BYTES) await cursor.need(LENGTH_BYTES);
    const length = cursor.takeLength("string", "bytes", 1, MOST_STRING_BYTES);
    const start = end;
    end += length;
    bytes = grown(bytes, start, end);
    if (cursor.buffered >= length) cursor.takeInto(bytes.subarray(start, end));
    else bytes.set(await cursor.bytes(length), start);
    ends[index] = end;
  }
  return new GgufStrings(bytes.slice(0, end), ends);
}

/** `bytes`, or a larger buffer with the first `used` of them, with room for `needed`. */
function grown(bytes: Uint8Array<ArrayBuffer>, used: number, needed: number): Uint8Array<ArrayBuffer> {
  if (needed <= bytes.byteLength) return bytes;
  const larger = new Uint8Array(Math.max(needed, bytes.byteLength * 2));
  larger.set(bytes.subarray(0, used));
  return larger;
}
