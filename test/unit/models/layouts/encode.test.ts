import { expect, test } from "bun:test";
import { parseGgufHeader } from "../../../../src/models/gguf/header.ts";
import { encodeModel } from "../../../../src/models/layouts/encode.ts";
import { value } from "./header.ts";

const metadata = new Map([["general.architecture", value("llama")]]);

test("the header names the tensors in order, and each has its extents", async () => {
  const tensors = [
    { name: "a", type: "F32", shape: [4], extents: [{ offset: 100, length: 16 }] },
    {
      name: "b",
      type: "Q8_0",
      shape: [32, 4],
      extents: [
        { offset: 5000, length: 68 },
        { offset: 200, length: 68 },
      ],
    },
  ];
  const { header, size, index, segments, bytes } = encodeModel(metadata, tensors);
  expect(bytes).toBe(16 + 136);
  expect([...index]).toEqual([0n, 1n, 1n, 2n]);
  const at = header.length;
  const [first, second, third] = [at, at + 32, at + 32 + 68].map(BigInt);
  expect([...segments]).toEqual([first!, 100n, 16n, second!, 5000n, 68n, third!, 200n, 68n]);
  expect(size).toBe(at + 32 + 160);
  const read = await parseGgufHeader({
    size,
    read: async (into, position) => {
      const piece = header.subarray(position, position + into.byteLength);
      into.set(piece);
      return piece.length;
    },
  });
  expect(read.tensors.map(({ name, type, shape, offset }) => [name, type, shape, offset])).toEqual([
    ["a", "F32", [4], 0],
    ["b", "Q8_0", [32, 4], 32],
  ]);
});

test("a tensor that its extents do not fill is refused", () => {
  const short = { name: "a", type: "F32", shape: [4], extents: [{ offset: 0, length: 12 }] };
  expect(() => encodeModel(metadata, [short])).toThrow("tensor a should have 16 bytes and has 12");
});
