/**
 * Text of a Modelfile on disk: UTF-8 unless a byte order mark says UTF-16 (Windows editors write those); the mark is dropped.
 * Bytes that are not valid in the encoding become U+FFFD.
 */
export function decodeModelfile(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}
