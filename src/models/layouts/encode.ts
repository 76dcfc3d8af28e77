import { encodeHeader } from "../gguf/encode-header.ts";
import { ggmlTypeNamed } from "../gguf/ggml-types.ts";
import { describeTensor } from "../gguf/tensor.ts";
import type { GgufMetadata } from "../gguf/value.ts";
import type { PlacedTensor } from "./translation.ts";

/** What llama.cpp's loader needs of a model whose tensors lie about in another file. */
export interface EncodedModel {
  /** A GGUF header, whose offsets mean nothing: tensors are found by their extents. */
  header: Uint8Array;
  /** For each tensor, in the header's order: the index of its first extent, and how many it has. */
  index: BigInt64Array;
  /** Offset in the file and length of each extent, in bytes. */
  extents: BigInt64Array;
  /** Bytes of all tensors. */
  bytes: number;
}

/**
 * The header of `tensors`, and where their bytes are.
 * @throws Error when a tensor's extents are not as long as its shape says.
 */
export function encodeModel(metadata: GgufMetadata, tensors: readonly PlacedTensor[]): EncodedModel {
  const entries = tensors.map((tensor) => {
    const { name, shape, type } = tensor;
    const id = ggmlTypeNamed(type)?.id ?? -1;
    const bytes = lengthOf(tensor);
    const expected = describeTensor(name, id, shape, 0).byteLength;
    if (bytes !== expected) throw new Error(`tensor ${name} should have ${expected} bytes and has ${bytes}`);
    return { name, shape, type: id, bytes };
  });
  const index: bigint[] = [];
  const extents: bigint[] = [];
  for (const tensor of tensors) {
    index.push(BigInt(extents.length / 2), BigInt(tensor.extents.length));
    extents.push(...tensor.extents.flatMap(({ offset, length }) => [BigInt(offset), BigInt(length)]));
  }
  return {
    header: encodeHeader(metadata, entries),
    index: BigInt64Array.from(index),
    extents: BigInt64Array.from(extents),
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Bytes of a tensor. */
export const lengthOf = ({ extents }: PlacedTensor): number =>
  extents.reduce((sum, { length }) => sum + length, 0);
