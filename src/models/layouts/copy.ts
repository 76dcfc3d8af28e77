import { ggmlTypeNamed } from "../gguf/ggml-types.ts";
import type { GgufMetadata } from "../gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../gguf/write.ts";
import { tensorBytes } from "./encode.ts";
import type { Extent, PlacedTensor } from "./translation.ts";

/** Bytes of tensor data in memory at a time. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Tensors, and the file that their bytes lie in. */
export interface TensorsOf {
  path: string;
  tensors: readonly PlacedTensor[];
}

/**
 * Writes a GGUF of tensors that lie in other files, piece by piece.
 * @param target is replaced; on failure a part of it may be left for the caller to remove.
 * @throws Error when a tensor's extents are not as long as its shape says; `signal`'s reason when aborted.
 */
export async function writeCopy(
  target: string,
  metadata: GgufMetadata,
  sources: readonly TensorsOf[],
  signal: AbortSignal,
): Promise<void> {
  const tensors = sources.flatMap(({ path, tensors }) => tensors.map((tensor) => sourceOf(path, tensor)));
  await writeGguf(target, metadata, tensors, signal);
}

function sourceOf(path: string, tensor: PlacedTensor): GgufTensorSource {
  const { name, shape, type, extents } = tensor;
  return {
    name,
    shape,
    type: ggmlTypeNamed(type)?.id ?? -1,
    bytes: tensorBytes(tensor),
    async *data() {
      for (const extent of extents) yield* piecesOf(path, extent);
    },
  };
}

async function* piecesOf(path: string, { offset, length }: Extent): AsyncGenerator<Uint8Array> {
  const file = Bun.file(path);
  const end = offset + length;
  for (let at = offset; at < end; at += PIECE_BYTES) {
    yield await file.slice(at, Math.min(end, at + PIECE_BYTES)).bytes();
  }
}
