import { describe, expect, test } from "bun:test";
import { parseGgufHeader } from "../../../../src/models/gguf/header.ts";
import { bytesOf, type Piece, start, tensor, testRefusals, zeros } from "./header-bytes.ts";
import { sourceOf } from "./sample.ts";

const F32 = 0;
const Q4_0 = 2;

/** A header with these tensors, padding, and 64 bytes of tensor data. */
function file(...tensors: Piece[]): Piece[] {
  const used = bytesOf(start(0, 0), ...tensors).length;
  return [start(tensors.length, 0), ...tensors, zeros((32 - (used % 32)) % 32), zeros(64)];
}

describe("a tensor", () => {
  testRefusals([
    [
      "a name of 64 bytes",
      file(tensor("n".repeat(64), [1], F32, 0)),
      "tensor name of 64 bytes at offset 24 exceeds the limit",
    ],
    ["an empty name", file(tensor("", [1], F32, 0)), "empty tensor name at offset 24"],
    ["a name with a NUL", file(tensor("a\0", [1], F32, 0)), "NUL in a tensor name at offset 24"],
    [
      "five dimensions",
      file(tensor("a", [1, 1, 1, 1, 1], F32, 0)),
      'tensor "a" has 5 dimensions, more than 4',
    ],
    [
      "a huge dimension",
      file(tensor("a", [2n ** 63n], F32, 0)),
      'tensor "a" has a dimension of 9223372036854775808',
    ],
    ["too many elements", file(tensor("a", [2 ** 30, 2 ** 30], F32, 0)), 'tensor "a" has too many elements'],
    [
      "too many elements behind a zero",
      file(tensor("a", [2 ** 30, 2 ** 30, 0], F32, 0)),
      'tensor "a" has too many elements',
    ],
    ["too many bytes", file(tensor("a", [2 ** 52], F32, 0)), 'tensor "a" has too many bytes'],
    ["a removed type", file(tensor("a", [32], 4, 0)), 'tensor "a" has the unknown type 4'],
    [
      "a negative type",
      file(tensor("a", [32], 0xffff_ffff, 0)),
      'tensor "a" has the unknown type 4294967295',
    ],
    [
      "rows that fill no blocks",
      file(tensor("a", [48, 2], Q4_0, 0)),
      'tensor "a" has rows of 48 elements, no multiple of 32 (Q4_0)',
    ],
    [
      "a single element of blocks",
      file(tensor("a", [], Q4_0, 0)),
      'tensor "a" has rows of 1 elements, no multiple of 32 (Q4_0)',
    ],
    [
      "a huge offset",
      file(tensor("a", [1], F32, 2n ** 64n - 32n)),
      'tensor "a" has the offset 18446744073709551584',
    ],
    [
      "an offset off the alignment",
      file(tensor("a", [1], F32, 8)),
      'tensor "a" begins at 8, no multiple of the alignment 32',
    ],
    [
      "one byte too many for the file",
      file(tensor("a", [65], 24, 0)),
      'tensor "a" of 65 bytes at 0 exceeds the file',
    ],
    [
      "an offset behind the file",
      file(tensor("a", [1], F32, 2 ** 40)),
      'tensor "a" of 4 bytes at 1099511627776 exceeds the file',
    ],
    ["an overlap", file(tensor("a", [9], F32, 0), tensor("b", [1], F32, 32)), 'tensors "a" and "b" overlap'],
    [
      "the same bytes twice",
      file(tensor("b", [1], F32, 0), tensor("a", [1], F32, 0)),
      'tensors "b" and "a" overlap',
    ],
    [
      "an overlap across an empty one",
      file(tensor("a", [9], F32, 0), tensor("no", [0], F32, 32), tensor("b", [1], F32, 32)),
      'tensors "a" and "b" overlap',
    ],
    [
      "a file that ends in the padding",
      [start(1, 0), tensor("a", [1], F32, 0), zeros(1)],
      'tensor "a" of 4 bytes at 0 exceeds the file',
    ],
  ]);

  test("may fill the file to its last byte", async () => {
    const { tensors } = await parseGgufHeader(sourceOf(bytesOf(...file(tensor("a", [64], 24, 0)))));
    expect(tensors).toEqual([{ name: "a", type: "I8", shape: [64], offset: 0, byteLength: 64 }]);
  });

  test("may lie in any order, and empty ones anywhere", async () => {
    const pieces = file(tensor("b", [8], F32, 32), tensor("none", [0], F32, 0), tensor("a", [8], F32, 0));
    const { tensors } = await parseGgufHeader(sourceOf(bytesOf(...pieces)));
    expect(tensors.map(({ name, offset, byteLength }) => [name, offset, byteLength])).toEqual([
      ["b", 32, 32],
      ["none", 0, 0],
      ["a", 0, 32],
    ]);
  });
});
