import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseGgufHeader, readGgufHeader } from "../../../../src/models/gguf/header.ts";
import { GgufStrings } from "../../../../src/models/gguf/strings.ts";
import type { GgufMetadata, GgufValue } from "../../../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../../../src/models/gguf/write.ts";
import { EVERY_TYPE, sourceOf, stringsOf, TENSORS, tensorOf, withFile, written } from "./sample.ts";

/** Arrays of strings opened up, since their class hides what it holds. */
const plain = (metadata: GgufMetadata): [string, unknown][] =>
  [...metadata].map(([key, entry]) => [key, entry.value instanceof GgufStrings ? [...entry.value] : entry]);

describe("what the writer writes, the reader reads", () => {
  test("metadata of every type, in order", async () => {
    const header = await parseGgufHeader(sourceOf(await written(EVERY_TYPE, TENSORS)));
    expect(plain(header.metadata)).toEqual(plain(EVERY_TYPE));
    expect(header).toMatchObject({ version: 3, alignment: 32, parameterCount: 192 + 1 + 0 + 1024 + 5 });
  });

  test("whatever the chunks in which it comes", async () => {
    const bytes = await written(EVERY_TYPE, TENSORS);
    const whole = await parseGgufHeader(sourceOf(bytes));
    for (const most of [1, 3, 64]) {
      const header = await parseGgufHeader(sourceOf(bytes, most));
      expect(plain(header.metadata)).toEqual(plain(whole.metadata));
      expect(header.tensors).toEqual(whole.tensors);
    }
  });

  test("tensors, each where the header says", async () => {
    await withFile(async (path) => {
      await writeGguf(path, EVERY_TYPE, TENSORS, new AbortController().signal);
      const { tensors, dataOffset, fileSize } = await readGgufHeader(path);
      expect(tensors.map(({ name, type, shape }) => [name, type, shape])).toEqual([
        ["token_embd.weight", "Q4_1", [64, 3]],
        ["scale", "F32", []],
        ["none", "F16", [0, 5]],
        ["blk.0.ffn_up.weight", "Q4_K", [256, 2, 2, 1]],
        ["output_norm.weight", "BF16", [5]],
      ]);
      for (const { offset, byteLength } of tensors) {
        const data = await Bun.file(path)
          .slice(dataOffset + offset, dataOffset + offset + byteLength)
          .bytes();
        expect(data).toEqual(Uint8Array.from({ length: byteLength }, (_, index) => index));
      }
      expect(fileSize).toBe(Bun.file(path).size);
      expect([dataOffset % 32, fileSize % 32]).toEqual([0, 0]);
    });
  });

  test("at another alignment", async () => {
    const metadata = new Map<string, GgufValue>([["general.alignment", { type: "uint32", value: 256 }]]);
    const header = await parseGgufHeader(sourceOf(await written(metadata, TENSORS)));
    expect(header).toMatchObject({ alignment: 256, dataOffset: 512 });
    expect(header.tensors.map(({ offset }) => offset)).toEqual([0, 256, 512, 512, 1280]);
  });

  test("arrays longer than a chunk, and tokens that are not UTF-8", async () => {
    const tokens = stringsOf(new Uint8Array([0xff, 0xfe]), "x".repeat(200_000), new Uint8Array([0xc3]), "y");
    const numbers = Int32Array.from({ length: 50_000 }, (_, index) => index - 25_000);
    const metadata = new Map<string, GgufValue>([
      ["tokens", { type: "array", of: "string", value: tokens }],
      ["numbers", { type: "array", of: "int32", value: numbers }],
    ]);
    const bytes = await written(metadata, []);
    const { metadata: read } = await parseGgufHeader(sourceOf(bytes));
    expect(read.get("numbers")?.value).toEqual(numbers);
    expect(await written(read, [])).toEqual(bytes);
  });

  test("any strings and numbers", async () => {
    const strings = fc.array(fc.string({ unit: "grapheme" }));
    await fc.assert(
      fc.asyncProperty(
        strings,
        fc.float({ noNaN: true }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        async (list, float, big) => {
          const metadata = new Map<string, GgufValue>([
            ["list", { type: "array", of: "string", value: list }],
            ["float", { type: "float32", value: float }],
            ["big", { type: "uint64", value: big }],
          ]);
          const { metadata: read } = await parseGgufHeader(sourceOf(await written(metadata, [])));
          expect(plain(read)[0]?.[1]).toEqual(list);
          expect(Math.fround(Number(read.get("float")?.value))).toBe(float);
          expect(read.get("big")?.value).toBe(big);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("the writer refuses", () => {
  test.each<[string, GgufValue, string]>([
    ["a number above its type", { type: "uint8", value: 256 }, "256 is no uint8"],
    ["a negative unsigned number", { type: "uint32", value: -1 }, "-1 is no uint32"],
    ["a fraction for a whole number", { type: "int32", value: 0.5 }, "0.5 is no int32"],
    [
      "a big integer above its type",
      { type: "uint64", value: 2n ** 64n },
      "18446744073709551616 is no uint64",
    ],
    ["an element above its type", { type: "array", of: "int8", value: [1, 128] }, "128 is no int8"],
  ])("%s", async (_, value, message) => {
    await expect(written(new Map([["key", value]]), [])).rejects.toThrow(message);
  });

  test.each<[string, GgufTensorSource, string]>([
    ["shape", tensorOf("t", 0, [5], 16), "tensor t should have 20 bytes and has 16"],
    [
      "length: too few bytes",
      { ...tensorOf("t", 0, [5], 16), bytes: 20 },
      "tensor t should have 20 bytes and has 16",
    ],
    [
      "length: too many bytes",
      { ...tensorOf("t", 0, [5], 999), bytes: 20 },
      "tensor t should have 20 bytes and has",
    ],
    ["rows", tensorOf("t", 2, [33], 18), 'tensor "t" has rows of 33 elements'],
    ["type", tensorOf("t", 4, [32], 18), 'tensor "t" has the unknown type 4'],
  ])("a tensor with a wrong %s", async (_, tensor, message) => {
    await expect(written(new Map(), [tensor])).rejects.toThrow(message);
  });

  test("a tensor without end", async () => {
    const endless = tensorOf("t", 24, [20], 20);
    endless.data = async function* () {
      for (;;) yield new Uint8Array(8);
    };
    await expect(written(new Map(), [endless])).rejects.toThrow("tensor t should have 20 bytes and has 24");
  });

  test("to go on when it is called off", async () => {
    const abort = new AbortController();
    const endless = { ...tensorOf("t", 24, [2 ** 40], 0), bytes: 2 ** 40 };
    endless.data = async function* () {
      for (let piece = 0; ; piece++) {
        if (piece === 3) abort.abort(new Error("called off"));
        yield new Uint8Array(8);
      }
    };
    await withFile(async (path) => {
      await expect(writeGguf(path, new Map(), [endless], abort.signal)).rejects.toThrow("called off");
    });
  });
});
