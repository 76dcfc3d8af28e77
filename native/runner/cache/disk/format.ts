import type { MediaSpan } from "../../cell-row.ts";
import type { CachedPrompt } from "../cached-prompt.ts";

/**
 * A cached prompt as a file:
 *
 * | bytes | what |
 * | --- | --- |
 * | 8 | {@link MAGIC} |
 * | 4 | length of the header, little endian |
 * | n | the header: JSON of {@link Header} |
 * | 8 × cells | the cells, 64-bit floats, little endian |
 * | 8 | checksum of all before |
 * | … | the checkpoints' states one after the other, then the whole state |
 * | 8 | checksum of those, begun with the first checksum |
 *
 * The front is checked when the file is listed, the rest before it is used.
 */
const MAGIC = "LLMRKV1\n";
const PREAMBLE = MAGIC.length + 4;
const SUM = 8;

/** No front is longer: a context of ten million tokens. Bounds what a damaged length makes us read. */
const MOST_FRONT = 128 * 2 ** 20;

interface Header {
  /** Of the weights, adapters, engine build and types that the state was made with. A file with another one is not used. */
  fingerprint: string;
  salt: string;
  cells: number;
  media: readonly MediaSpan[];
  floor: number;
  checkpoints: { cells: number; bytes: number }[];
  stateBytes: number;
}

/** The front of a file: which prompts can use it, and how much of it. */
export interface Front extends Omit<Header, "cells"> {
  cells: number[];
  /** Bytes before the states. */
  length: number;
  /** Checksum that the states' own begins with. */
  sum: bigint;
}

/** Continues a checksum. The same bytes in the same pieces give the same number. */
export const checksum = (bytes: Uint8Array, sum: bigint): bigint => Bun.hash.xxHash3(bytes, sum);

export function sumBytes(sum: bigint): Uint8Array {
  const bytes = Buffer.alloc(SUM);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, sum));
  return bytes;
}

export function encodeFront(prompt: CachedPrompt, fingerprint: string): { bytes: Uint8Array; sum: bigint } {
  const { salt, media, floor, cells } = prompt;
  const header: Header = {
    fingerprint,
    salt,
    cells: cells.length,
    media,
    floor,
    checkpoints: prompt.checkpoints.map((each) => ({ cells: each.cells, bytes: each.state.byteLength })),
    stateBytes: prompt.state.byteLength,
  };
  const json = Buffer.from(JSON.stringify(header));
  const preamble = Buffer.alloc(PREAMBLE);
  preamble.write(MAGIC, "latin1");
  preamble.writeUInt32LE(json.length, MAGIC.length);
  const body = Buffer.concat([preamble, json, new Uint8Array(Float64Array.from(cells).buffer)]);
  const sum = checksum(body, 0n);
  return { bytes: Buffer.concat([body, sumBytes(sum)]), sum };
}

/** Bytes of a file's front, by its first {@link PREAMBLE} bytes and those of its header; undefined when it is no such file. */
function frontLength(start: Uint8Array): { header: number } | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length < PREAMBLE || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  const header = bytes.readUInt32LE(MAGIC.length);
  return header > MOST_FRONT ? undefined : { header };
}

/**
 * The front of a file.
 * @param read gives so many bytes at an offset, fewer at the end of the file.
 * @returns undefined when any byte of it is not as it was written.
 */
export async function readFront(
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<Front | undefined> {
  const lengths = frontLength(await read(0, PREAMBLE));
  if (lengths === undefined) return undefined;
  const head = decodeHeader(await read(PREAMBLE, lengths.header));
  if (head === undefined || head.cells * 8 > MOST_FRONT) return undefined;
  const length = PREAMBLE + lengths.header + head.cells * 8 + SUM;
  const bytes = await read(0, length);
  if (bytes.length !== length) return undefined;
  const body = bytes.subarray(0, length - SUM);
  const sum = checksum(body, 0n);
  if (!Buffer.from(sumBytes(sum)).equals(bytes.subarray(length - SUM))) return undefined;
  // Copied, since numbers of 64 bits cannot lie at any offset.
  const numbers = new Uint8Array(body.subarray(body.length - head.cells * 8));
  const cells = Array.from(new Float64Array(numbers.buffer));
  return { ...head, cells, length, sum };
}

function decodeHeader(bytes: Uint8Array): Header | undefined {
  try {
    // Its checksum is checked next; until then only the number of cells is used.
    const header = JSON.parse(new TextDecoder().decode(bytes)) as Header;
    return Number.isSafeInteger(header.cells) && header.cells >= 0 ? header : undefined;
  } catch {
    // A damaged header: the file is of no use.
    return undefined;
  }
}

/** Bytes of a whole file. */
export const fileLength = ({
  length,
  checkpoints,
  stateBytes,
}: Pick<Front, "length" | "checkpoints" | "stateBytes">): number =>
  length + checkpoints.reduce((sum, { bytes }) => sum + bytes, 0) + stateBytes + SUM;
