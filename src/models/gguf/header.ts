import { open } from "node:fs/promises";
import { align, alignmentOf } from "./alignment.ts";
import { type ByteSource, HeaderCursor } from "./cursor.ts";
import { invalidGguf } from "./invalid.ts";
import { MOST_KEY_BYTES, MOST_KEYS, MOST_TENSORS } from "./limits.ts";
import { MAGIC } from "./magic.ts";
import { readName } from "./read-name.ts";
import { readTensorInfo } from "./read-tensor.ts";
import { readMetadataValue } from "./read-value.ts";
import { checkPlacement, elementCount, type GgufTensor } from "./tensor.ts";
import type { GgufMetadata, GgufValue } from "./value.ts";

/** Everything in a GGUF before its tensor data. */
export interface GgufHeader {
  readonly version: 2 | 3;
  readonly metadata: GgufMetadata;
  readonly tensors: readonly GgufTensor[];
  readonly alignment: number;
  /** Where the tensor data begins in the file. */
  readonly dataOffset: number;
  readonly fileSize: number;
  /** Elements of all tensors. */
  readonly parameterCount: number;
}

/** Bytes that a key with its value, and a tensor's description, take at least. */
const LEAST_KEY_BYTES = 8 + 1 + 4 + 1;
const LEAST_TENSOR_BYTES = 8 + 1 + 4 + 4 + 8;

function takeVersion(cursor: HeaderCursor): 2 | 3 {
  if (cursor.takeUint32() !== MAGIC) throw invalidGguf('the file does not begin with "GGUF"');
  const version = cursor.takeUint32();
  if (version === 2 || version === 3) return version;
  if (version !== 0 && version % 2 ** 16 === 0) throw invalidGguf("big-endian files are not supported");
  throw invalidGguf(`version ${version} is not supported, only 2 and 3 are`);
}

async function readMetadata(cursor: HeaderCursor, count: number): Promise<Map<string, GgufValue>> {
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < count; index++) {
    const key = await readName(cursor, "key", MOST_KEY_BYTES);
    if (metadata.has(key)) throw invalidGguf(`duplicate key ${JSON.stringify(key)}`);
    metadata.set(key, await readMetadataValue(cursor));
  }
  return metadata;
}

async function readTensors(cursor: HeaderCursor, count: number): Promise<GgufTensor[]> {
  const tensors = new Map<string, GgufTensor>();
  for (let index = 0; index < count; index++) {
    const tensor = await readTensorInfo(cursor);
    if (tensors.has(tensor.name)) throw invalidGguf(`duplicate tensor ${JSON.stringify(tensor.name)}`);
    tensors.set(tensor.name, tensor);
  }
  return [...tensors.values()];
}

/**
 * Reads and checks the header of a GGUF version 2 or 3 from any source; see {@link readGgufHeader}.
 *
 * @throws AppError `bad_request`, "invalid GGUF: …", for anything that is not a well-formed little-endian header within the caps.
 */
export async function parseGgufHeader(source: ByteSource): Promise<GgufHeader> {
  const cursor = new HeaderCursor(source);
  await cursor.need(8);
  const version = takeVersion(cursor);
  await cursor.need(16);
  const tensorCount = cursor.takeLength("tensor list", "tensors", LEAST_TENSOR_BYTES, MOST_TENSORS);
  const keyCount = cursor.takeLength("metadata", "keys", LEAST_KEY_BYTES, MOST_KEYS);
  const metadata = await readMetadata(cursor, keyCount);
  const alignment = alignmentOf(metadata);
  const tensors = await readTensors(cursor, tensorCount);
  const dataOffset = align(cursor.offset, alignment);
  checkPlacement(tensors, alignment, source.size - dataOffset);
  const parameterCount = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return { version, metadata, tensors, alignment, dataOffset, fileSize: source.size, parameterCount };
}

/**
 * Reads the header of a GGUF file, in chunks and without touching the tensor data.
 *
 * @throws AppError `bad_request`, "invalid GGUF: …"; the system's error when the file cannot be opened or read.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    return await parseGgufHeader({
      size,
      read: async (into, position) => (await file.read(into, 0, into.byteLength, position)).bytesRead,
    });
  } finally {
    await file.close();
  }
}
