import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";

/** Bytes of one value of each type that the format names; sub-byte types are not supported. */
const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

type SafetensorsDtype = keyof typeof DTYPE_BYTES;

/** One tensor of a safetensors file, its bounds checked against the file. */
export interface SafetensorsTensor {
  name: string;
  dtype: SafetensorsDtype;
  /** Outermost dimension first, as stored; empty for a scalar. */
  shape: number[];
  /** Absolute position of the first byte, and the number of bytes. */
  offset: number;
  bytes: number;
}

/**
 * Caps on the numbers in a header. Files come from strangers: without caps, eight bytes of one would reserve any amount of memory.
 * The largest published models (about 100,000 tensors) stay under all of them.
 */
export const SAFETENSORS_LIMITS = {
  headerBytes: 32 * 2 ** 20,
  tensors: 262_144,
  dimensions: 8,
  nameLength: 512,
} as const;

/**
 * Reads and checks the header. The format demands that tensors cover the data without overlap or gap; both are refused.
 *
 * @param label the name of the file in messages, e.g. its relative path; never an absolute one.
 * @returns tensors in the order of the header.
 * @throws AppError `bad_request` on anything malformed.
 */
export async function readSafetensorsHeader(file: Blob, label: string): Promise<SafetensorsTensor[]> {
  const refuse = (why: string) => badRequest(`${label} is not a valid safetensors file: ${why}`);
  if (file.size < 8) throw refuse("it is shorter than 8 bytes");
  const length = new DataView(await exactly(file, 0, 8, label)).getBigUint64(0, true);
  if (length > BigInt(SAFETENSORS_LIMITS.headerBytes)) throw refuse(`header of ${length} bytes is too large`);
  const dataStart = 8 + Number(length);
  if (dataStart > file.size) throw refuse("the header reaches past the end of the file");

  const header = parseHeader(await exactly(file, 8, dataStart, label));
  if (header === undefined) throw refuse("the header is not a JSON object");
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  if (entries.length > SAFETENSORS_LIMITS.tensors) throw refuse(`${entries.length} tensors are too many`);

  const tensors = entries.map(([name, entry]) => {
    const tensor = decodeEntry(name, entry, dataStart);
    if (typeof tensor === "string") throw refuse(`tensor ${shown(name)}: ${tensor}`);
    return tensor;
  });
  const fault = layoutFault(tensors, dataStart, file.size);
  if (fault !== undefined) throw refuse(fault);
  return tensors;
}

/**
 * A tensor's bytes, in order, in pieces of at most `pieceBytes` (a multiple of the type's size, so that no value is cut in two).
 * Memory in use is one piece.
 */
export async function* readTensor(
  file: Blob,
  tensor: SafetensorsTensor,
  label: string,
  signal: AbortSignal,
  pieceBytes = 4 * 2 ** 20,
): AsyncGenerator<Uint8Array> {
  const end = tensor.offset + tensor.bytes;
  for (let at = tensor.offset; at < end; at += pieceBytes) {
    signal.throwIfAborted();
    yield new Uint8Array(await exactly(file, at, Math.min(end, at + pieceBytes), label));
  }
}

function parseHeader(bytes: ArrayBuffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the tensor, or a text that says what is wrong with it. */
function decodeEntry(name: string, entry: unknown, dataStart: number): SafetensorsTensor | string {
  if (name.length > SAFETENSORS_LIMITS.nameLength) return "the name is too long";
  if (!isRecord(entry)) return "the entry is not an object";
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !isDtype(dtype)) return `unknown type ${shown(String(dtype))}`;
  if (!isCountArray(shape) || shape.length > SAFETENSORS_LIMITS.dimensions) return "bad shape";
  if (!isCountArray(offsets) || offsets.length !== 2) return "bad data_offsets";
  const [begin = 0, end = 0] = offsets;
  const bytes = shape.reduce((product, side) => product * side, DTYPE_BYTES[dtype]);
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes)
    return "data_offsets do not fit its shape and type";
  return { name, dtype, shape, offset: dataStart + begin, bytes };
}

/** Tensors sorted by place must follow one another without overlap or gap, from the header to the end of the file. */
function layoutFault(tensors: SafetensorsTensor[], dataStart: number, fileBytes: number): string | undefined {
  const sorted = tensors.toSorted((a, b) => a.offset - b.offset || a.bytes - b.bytes);
  let at = dataStart;
  for (const { name, offset, bytes } of sorted) {
    if (offset < at) return `tensor ${shown(name)} overlaps another one`;
    if (offset > at) return `there is a gap before tensor ${shown(name)}`;
    at += bytes;
  }
  if (at > fileBytes) return "a tensor reaches past the end of the file";
  return at < fileBytes ? "there are bytes after the last tensor" : undefined;
}

/** A file that shrinks while it is read gives fewer bytes than asked for, without an error of its own. */
async function exactly(file: Blob, from: number, to: number, label: string): Promise<ArrayBuffer> {
  const bytes = await file.slice(from, to).arrayBuffer();
  if (bytes.byteLength !== to - from)
    throw badRequest(`${label} ended early at byte ${from + bytes.byteLength}`);
  return bytes;
}

const isDtype = (text: string): text is SafetensorsDtype => Object.hasOwn(DTYPE_BYTES, text);

const isCountArray = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

/** Text from the file, short and printable. */
const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
