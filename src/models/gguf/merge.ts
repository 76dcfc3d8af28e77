import { badRequest } from "../../lib/errors.ts";
import { GGML_TYPES } from "./ggml-types.ts";
import { type GgufHeader, readGgufHeader } from "./header.ts";
import type { GgufTensor } from "./tensor.ts";
import type { GgufMetadata } from "./value.ts";
import { type GgufTensorSource, writeGguf } from "./write.ts";

/** Keys that llama-gguf-split adds to a part's metadata. */
const SPLIT = { number: "split.no", count: "split.count", tensors: "split.tensors.count" } as const;

/** Bytes of tensor data in memory at a time. */
const PIECE_BYTES = 4 * 2 ** 20;

interface Part {
  path: string;
  header: GgufHeader;
  /** From 0. */
  number: number;
}

/**
 * Puts the parts that llama-gguf-split made of a model together again: the metadata is the first part's, the tensors are those of
 * all parts in their order.
 *
 * @param paths in any order.
 * @param outPath is replaced; on failure a part of it may be left for the caller to remove.
 * @throws AppError `bad_request` when a part is missing, is there twice, or belongs to another model.
 */
export async function mergeGguf(
  paths: readonly string[],
  outPath: string,
  signal: AbortSignal,
): Promise<void> {
  const parts = (await Promise.all(paths.map(readPart))).toSorted((a, b) => a.number - b.number);
  checkComplete(parts);
  const [first] = parts;
  if (first === undefined) throw badRequest("there are no parts to merge");
  const own = [...first.header.metadata].filter(([key]) => !Object.values<string>(SPLIT).includes(key));
  const tensors = parts.flatMap((part) => part.header.tensors.map((tensor) => sourceOf(part, tensor)));
  await writeGguf(outPath, new Map(own), tensors, signal);
}

async function readPart(path: string): Promise<Part> {
  const header = await readGgufHeader(path);
  return { path, header, number: numberIn(header.metadata, SPLIT.number) ?? 0 };
}

function checkComplete(parts: readonly Part[]): void {
  const counts = new Set(parts.map(({ header }) => numberIn(header.metadata, SPLIT.count)));
  const [count] = counts;
  if (counts.size !== 1 || count === undefined) throw badRequest("the parts are not of one model");
  if (parts.length !== count)
    throw badRequest(`there are ${parts.length} parts of a model that has ${count}`);
  if (parts.some(({ number }, at) => number !== at)) throw badRequest("one of the parts is there twice");
  const names = parts.flatMap(({ header }) => header.tensors.map(({ name }) => name));
  const stated = parts[0] && numberIn(parts[0].header.metadata, SPLIT.tensors);
  if (new Set(names).size !== names.length || (stated !== undefined && stated !== names.length)) {
    throw badRequest("the parts are not of one model");
  }
}

function sourceOf(
  { path, header }: Part,
  { name, type, shape, offset, byteLength }: GgufTensor,
): GgufTensorSource {
  const start = header.dataOffset + offset;
  return {
    name,
    shape,
    type: GGML_TYPES.find((known) => known.name === type)?.id ?? -1,
    bytes: byteLength,
    async *data() {
      const end = start + byteLength;
      for (let at = start; at < end; at += PIECE_BYTES) {
        yield await Bun.file(path)
          .slice(at, Math.min(end, at + PIECE_BYTES))
          .bytes();
      }
    },
  };
}

function numberIn(metadata: GgufMetadata, key: string): number | undefined {
  const entry = metadata.get(key);
  if (entry === undefined || entry.type === "array" || entry.type === "string") return undefined;
  const value = Number(entry.value);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
