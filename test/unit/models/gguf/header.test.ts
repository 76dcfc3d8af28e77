import { describe, expect, test } from "bun:test";
import type { ByteSource } from "../../../../src/models/gguf/cursor.ts";
import { parseGgufHeader, readGgufHeader } from "../../../../src/models/gguf/header.ts";
import { MAGIC } from "../../../../src/models/gguf/magic.ts";
import {
  array,
  bytesOf,
  entry,
  start,
  string,
  tensor,
  testRefusals,
  u32,
  u64,
  zeros,
} from "./header-bytes.ts";
import { EVERY_TYPE, sourceOf, TENSORS, withFile, written } from "./sample.ts";

const F32 = 0;

/** A terabyte of blocks `stride` bytes apart after the counts, zeros between them; the key at byte 8 of each counts up. */
function endless(block: Uint8Array, stride: number): ByteSource & { end: number } {
  const head = bytesOf(start(0, 99));
  const blockAt = (index: number): Uint8Array => block.with(8, 32 + index);
  return {
    size: 2 ** 40,
    end: 0,
    async read(into, position) {
      this.end = Math.max(this.end, position + into.byteLength);
      into.fill(0);
      const last = Math.floor((position + into.byteLength) / stride);
      for (let index = Math.max(0, Math.floor(position / stride) - 1); index <= last; index++) {
        const at = head.length + index * stride - position;
        const piece = blockAt(index).subarray(Math.max(0, -at), Math.max(0, into.byteLength - at));
        if (piece.length > 0) into.set(piece, Math.max(0, at));
      }
      if (position < head.length) into.set(head.subarray(position));
      return into.byteLength;
    },
  };
}

describe("parseGgufHeader", () => {
  testRefusals([
    ["an empty file", [], "the header ends early at offset 0"],
    ["another format", [string("PK")], 'the file does not begin with "GGUF"'],
    ["version 1", [u32(MAGIC), u32(1), zeros(8)], "version 1 is not supported, only 2 and 3 are"],
    ["version 4", [start(0, 0, 4)], "version 4 is not supported"],
    ["version 0", [start(0, 0, 0)], "version 0 is not supported"],
    ["big-endian files", [start(0, 0, 0x0300_0000)], "big-endian files are not supported"],
    ["a cut after the counts", [start(0, 1)], "metadata of 1 keys at offset 16 exceeds the file"],
    [
      "more keys than fit the file",
      [start(0, 2n ** 64n - 1n)],
      "metadata of 18446744073709551615 keys at offset 16 exceeds the file",
    ],
    [
      "too many keys",
      [start(0, 4097), zeros(4097 * 14)],
      "metadata of 4097 keys at offset 16 exceeds the limit of 4096",
    ],
    [
      "too many tensors",
      [start(131_073, 0), zeros(131_073 * 25)],
      "tensor list of 131073 tensors at offset 8 exceeds the limit of 131072",
    ],
    [
      "a duplicate key",
      [start(0, 2), entry("k", "uint32", u32(1)), entry("k", "uint32", u32(2))],
      'duplicate key "k"',
    ],
    [
      "a duplicate tensor",
      [start(2, 0), tensor("a", [1], F32, 0), tensor("a", [1], F32, 32), zeros(99)],
      'duplicate tensor "a"',
    ],
  ]);

  test("takes the least there can be", async () => {
    const header = await parseGgufHeader(sourceOf(bytesOf(start(0, 0))));
    expect(header).toMatchObject({
      version: 3,
      tensors: [],
      dataOffset: 32,
      fileSize: 24,
      parameterCount: 0,
    });
  });

  test("takes version 2 and the longest name", async () => {
    const bytes = bytesOf(start(1, 0, 2), tensor("n".repeat(63), [1, 1, 1, 1], F32, 0), zeros(99));
    expect(await parseGgufHeader(sourceOf(bytes))).toMatchObject({ version: 2, parameterCount: 1 });
  });

  test.each([
    ["numbers", array("uint32", 2 ** 23), 4 * 2 ** 23],
    ["empty strings", array("string", 2 ** 23), 8 * 2 ** 23],
  ])("refuses more %s than the header may have in all, without reading on", async (_, piece, zeroBytes) => {
    const block = bytesOf(piece);
    const source = endless(block, block.length + zeroBytes);
    await expect(parseGgufHeader(source)).rejects.toThrow(
      "invalid GGUF: the header exceeds the limit of 134217728 bytes",
    );
    expect(source.end).toBeLessThanOrEqual(2 ** 27 + 2 ** 16);
  });

  test("reads no more than the chunks that hold the header", async () => {
    const header = await written(EVERY_TYPE, TENSORS);
    const source = sourceOf(Buffer.concat([header, new Uint8Array(2 ** 20)]));
    let end = 0;
    await parseGgufHeader({
      size: source.size,
      read: async (into, position) => {
        end = Math.max(end, position + into.byteLength);
        return source.read(into, position);
      },
    });
    expect(end).toBeLessThanOrEqual(64 * 1024);
  });
});

describe("readGgufHeader", () => {
  test("reads a file and its size", async () => {
    await withFile(async (path) => {
      await Bun.write(path, bytesOf(start(0, 1), entry("k", "uint64", u64(7)), zeros(100)));
      const header = await readGgufHeader(path);
      expect(header.metadata.get("k")).toEqual({ type: "uint64", value: 7n });
      expect(header.fileSize).toBe(Bun.file(path).size);
    });
  });

  test("lets the system's error through when there is no file", async () => {
    await withFile(async (path) => {
      await expect(readGgufHeader(path)).rejects.toMatchObject({ code: "ENOENT" });
    });
  });
});
