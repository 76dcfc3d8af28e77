import { ggmlType } from "./ggml-types.ts";
import { invalidGguf } from "./invalid.ts";

export interface GgufTensor {
  readonly name: string;
  /** GGML type name, e.g. `Q4_1`. */
  readonly type: string;
  /** Innermost dimension first, as stored. */
  readonly shape: readonly number[];
  /** Bytes from the beginning of the tensor data, not of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Elements of a tensor with that shape; 1 for a shape without dimensions. Not a safe integer when there are too many. */
export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/**
 * A tensor as a header describes it, with its sizes computed.
 *
 * @param typeId an `enum ggml_type`.
 * @throws AppError when the type is unknown, rows do not fill blocks, or the size is beyond exact arithmetic.
 */
export function describeTensor(
  name: string,
  typeId: number,
  shape: readonly number[],
  offset: number,
): GgufTensor {
  const complain = (problem: string) => invalidGguf(`tensor ${JSON.stringify(name)} has ${problem}`);
  const type = ggmlType(typeId);
  if (type === undefined) throw complain(`the unknown type ${typeId}`);
  // Partial products too: a dimension of 0 must not hide that the others overflow.
  const fits = shape.every((_, index) => Number.isSafeInteger(elementCount(shape.slice(0, index + 1))));
  if (!fits) throw complain("too many elements");
  const row = shape[0] ?? 1;
  if (row % type.block !== 0)
    throw complain(`rows of ${row} elements, no multiple of ${type.block} (${type.name})`);
  const byteLength = (elementCount(shape) / type.block) * type.bytes;
  if (!Number.isSafeInteger(byteLength)) throw complain("too many bytes");
  return { name, type: type.name, shape, offset, byteLength };
}

/**
 * Checks that tensors begin at multiples of the alignment, lie in the file and share no byte. Gaps are left to llama.cpp, which
 * refuses them.
 *
 * @param space bytes from the beginning of the tensor data to the end of the file; negative when the file ends before it.
 * @throws AppError naming the tensor.
 */
export function checkPlacement(tensors: readonly GgufTensor[], alignment: number, space: number): void {
  let end = 0;
  let before = "";
  for (const { name, offset, byteLength } of tensors.toSorted((a, b) => a.offset - b.offset)) {
    const quoted = JSON.stringify(name);
    if (offset % alignment !== 0) {
      throw invalidGguf(`tensor ${quoted} begins at ${offset}, no multiple of the alignment ${alignment}`);
    }
    if (offset + byteLength > space) {
      throw invalidGguf(`tensor ${quoted} of ${byteLength} bytes at ${offset} exceeds the file`);
    }
    if (byteLength === 0) continue;
    if (offset < end) throw invalidGguf(`tensors ${before} and ${quoted} overlap`);
    end = offset + byteLength;
    before = quoted;
  }
}
