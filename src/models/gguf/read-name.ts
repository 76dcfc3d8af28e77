import type { HeaderCursor } from "./cursor.ts";
import { invalidGguf } from "./invalid.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
/** Bytes of the length that precedes a string. */
const LENGTH_BYTES = 8;

async function readBytes(cursor: HeaderCursor, what: string, most: number): Promise<Uint8Array> {
  await cursor.need(LENGTH_BYTES);
  return cursor.bytes(cursor.takeLength(what, "bytes", 1, most));
}

/** A string value, with U+FFFD for what is not UTF-8. */
export const readText = async (cursor: HeaderCursor, most: number): Promise<string> =>
  lenient.decode(await readBytes(cursor, "string", most));

/**
 * A key or the name of a tensor. It must be UTF-8, not empty and free of NUL: otherwise two parsers could read it as two
 * different names, and one of them would be checked and the other used.
 *
 * @param what for messages, e.g. `key`.
 */
export async function readName(cursor: HeaderCursor, what: string, most: number): Promise<string> {
  const offset = cursor.offset;
  const bytes = await readBytes(cursor, what, most);
  if (bytes.length === 0) throw invalidGguf(`empty ${what}`, offset);
  if (bytes.includes(0)) throw invalidGguf(`NUL in a ${what}`, offset);
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw invalidGguf(`${what} that is not UTF-8`, offset);
    throw error;
  }
}
