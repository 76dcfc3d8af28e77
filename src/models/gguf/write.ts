import { type FileHandle, open } from "node:fs/promises";
import { align, alignmentOf } from "./alignment.ts";
import { encodeHeader, type TensorEntry } from "./encode-header.ts";
import { describeTensor } from "./tensor.ts";
import type { GgufMetadata } from "./value.ts";

/** A tensor to write; `data` is asked for when its turn comes. */
export interface GgufTensorSource extends TensorEntry {
  data(): AsyncIterable<Uint8Array>;
}

/**
 * Writes a GGUF v3 file, tensor by tensor; memory in use is the header and one piece of tensor data. The file is flushed to
 * disk before the promise resolves; after a rejection a part of it may be left for the caller to remove.
 *
 * @throws Error when a tensor declares or yields a length that its type and shape do not have; RangeError when a metadata number
 * does not fit its type; `signal`'s reason when aborted.
 */
export async function writeGguf(
  path: string,
  metadata: GgufMetadata,
  tensors: readonly GgufTensorSource[],
  signal: AbortSignal,
): Promise<void> {
  const alignment = alignmentOf(metadata);
  for (const { name, type, shape, bytes } of tensors) {
    checkLength(name, describeTensor(name, type, shape, 0).byteLength, bytes);
  }
  const header = encodeHeader(metadata, tensors);
  const file = await open(path, "w");
  try {
    await writeFully(file, header);
    for (const tensor of tensors) await writeTensor(file, tensor, alignment, signal);
    await file.sync();
  } finally {
    await file.close();
  }
}

function checkLength(name: string, expected: number, actual: number): void {
  if (actual !== expected) throw new Error(`tensor ${name} should have ${expected} bytes and has ${actual}`);
}

async function writeTensor(
  file: FileHandle,
  tensor: GgufTensorSource,
  alignment: number,
  signal: AbortSignal,
): Promise<void> {
  let written = 0;
  for await (const piece of tensor.data()) {
    signal.throwIfAborted();
    written += piece.byteLength;
    if (written > tensor.bytes) break;
    await writeFully(file, piece);
  }
  checkLength(tensor.name, tensor.bytes, written);
  await writeFully(file, new Uint8Array(align(written, alignment) - written));
}

/** One `write` call may take less than it is given. */
async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    at += (await file.write(bytes, at)).bytesWritten;
  }
}
