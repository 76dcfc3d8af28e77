import { align, alignmentOf } from "../gguf/alignment.ts";
import { encodeHeader, type TensorEntry } from "../gguf/encode-header.ts";
import { ggmlTypeNamed } from "../gguf/ggml-types.ts";
import { describeTensor } from "../gguf/tensor.ts";
import type { GgufMetadata } from "../gguf/value.ts";
import type { PlacedTensor } from "./translation.ts";

/** A model's file in llama.cpp's layout that is never written: llama.cpp's loader reads its parts out of a file of another layout. */
export interface EncodedModel {
  /** The beginning of that file, up to its tensor data. */
  header: Uint8Array;
  /** Bytes of that file. */
  size: number;
  /** Where its data are, in order: for each segment the offset in that file, the offset in the real file and the length, in bytes. */
  segments: BigInt64Array;
  /** For each tensor, in the header's order: the number of its first segment, and how many it has. */
  index: BigInt64Array;
  /** Bytes of all tensors. */
  bytes: number;
}

/**
 * The file that `tensors` would make up.
 * @throws Error when a tensor's extents are not as long as its shape says.
 */
export function encodeModel(metadata: GgufMetadata, tensors: readonly PlacedTensor[]): EncodedModel {
  const entries = tensors.map(entryOf);
  const header = encodeHeader(metadata, entries);
  const alignment = alignmentOf(metadata);
  const index: bigint[] = [];
  const segments: bigint[] = [];
  let end = header.byteLength;
  for (const { extents } of tensors) {
    index.push(BigInt(segments.length / 3), BigInt(extents.length));
    end = header.byteLength + align(end - header.byteLength, alignment);
    for (const { offset, length } of extents) {
      segments.push(BigInt(end), BigInt(offset), BigInt(length));
      end += length;
    }
  }
  return {
    header,
    size: header.byteLength + align(end - header.byteLength, alignment),
    segments: BigInt64Array.from(segments),
    index: BigInt64Array.from(index),
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function entryOf(tensor: PlacedTensor): TensorEntry {
  const { name, shape, type } = tensor;
  const id = ggmlTypeNamed(type)?.id ?? -1;
  const bytes = tensorBytes(tensor);
  const expected = describeTensor(name, id, shape, 0).byteLength;
  if (bytes !== expected) throw new Error(`tensor ${name} should have ${expected} bytes and has ${bytes}`);
  return { name, shape, type: id, bytes };
}

/** Bytes of a tensor. */
export const tensorBytes = ({ extents }: PlacedTensor): number =>
  extents.reduce((sum, { length }) => sum + length, 0);
