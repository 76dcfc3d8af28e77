import { align, alignmentOf } from "./alignment.ts";
import { encodeValue } from "./encode-value.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { MAGIC } from "./magic.ts";
import type { GgufMetadata } from "./value.ts";

const VERSION = 3;

/** A tensor as a header describes it, without the place of its data. */
export interface TensorEntry {
  readonly name: string;
  /** Innermost dimension first, as GGUF stores it. */
  readonly shape: readonly number[];
  /** An `enum ggml_type`, e.g. 0 for F32. */
  readonly type: number;
  /** Exact length of its data. */
  readonly bytes: number;
}

/**
 * A GGUF v3 header, padded up to where the tensor data begin. The data must follow in the order of `tensors`, each padded to a
 * multiple of the alignment (`general.alignment` of the metadata, 32 without one).
 */
export function encodeHeader(metadata: GgufMetadata, tensors: readonly TensorEntry[]): Uint8Array {
  const alignment = alignmentOf(metadata);
  const out = new GrowingBytes();
  out.uint32(MAGIC);
  out.uint32(VERSION);
  out.uint64(BigInt(tensors.length));
  out.uint64(BigInt(metadata.size));
  for (const [key, value] of metadata) {
    out.string(key);
    encodeValue(out, value);
  }
  let offset = 0;
  for (const { name, shape, type, bytes } of tensors) {
    out.string(name);
    out.uint32(shape.length);
    for (const size of shape) out.uint64(BigInt(size));
    out.uint32(type);
    out.uint64(BigInt(offset));
    offset = align(offset + bytes, alignment);
  }
  out.padTo(align(out.length, alignment));
  return out.done();
}
