import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../../../src/lib/errors.ts";
import {
  readSafetensorsHeader,
  readTensor,
  SAFETENSORS_LIMITS,
} from "../../../../src/models/convert/safetensors.ts";

const LABEL = "model.safetensors";

function fileOf(header: unknown, dataBytes: number): Blob {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  const length = new BigUint64Array([BigInt(encoded.byteLength)]);
  const data = Uint8Array.from({ length: dataBytes }, (_, i) => i);
  return new Blob([length, encoded, data]);
}

const f32 = (shape: number[], begin: number, end: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});
const never = new AbortController().signal;

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<number[][]> {
  const all: number[][] = [];
  for await (const piece of pieces) all.push([...piece]);
  return all;
}

test("tensors in header order, with their places in the file", async () => {
  const header = {
    __metadata__: { format: "pt" },
    b: f32([2], 4, 12),
    a: { dtype: "F16", shape: [1, 2], data_offsets: [0, 4] },
    scalar: { dtype: "I64", shape: [], data_offsets: [12, 20] },
    empty: f32([0, 7], 20, 20),
  };
  const file = fileOf(header, 20);
  const start = file.size - 20;
  expect(await readSafetensorsHeader(file, LABEL)).toEqual([
    { name: "b", dtype: "F32", shape: [2], offset: start + 4, bytes: 8 },
    { name: "a", dtype: "F16", shape: [1, 2], offset: start, bytes: 4 },
    { name: "scalar", dtype: "I64", shape: [], offset: start + 12, bytes: 8 },
    { name: "empty", dtype: "F32", shape: [0, 7], offset: start + 20, bytes: 0 },
  ]);
});

test("a header padded with spaces, as writers align it", async () => {
  const file = fileOf(`${JSON.stringify({ t: f32([1], 0, 4) })}     `, 4);
  expect(await readSafetensorsHeader(file, LABEL)).toHaveLength(1);
});

describe("refused", () => {
  const withLength = (length: bigint, rest = 100) =>
    new Blob([new BigUint64Array([length]), new Uint8Array(rest)]);
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, f32([0], 0, 0)]));
  const long = "n".repeat(SAFETENSORS_LIMITS.nameLength + 1);
  const one = (entry: unknown, dataBytes = 4) => fileOf({ t: entry }, dataBytes);
  const cases: [why: string, file: () => Blob][] = [
    ["it is shorter than 8 bytes", () => new Blob(["short"])],
    ["header of 33554433 bytes is too large", () => withLength(BigInt(SAFETENSORS_LIMITS.headerBytes) + 1n)],
    ["header of 18446744073709551615 bytes is too large", () => withLength(2n ** 64n - 1n)],
    ["the header reaches past the end of the file", () => withLength(101n)],
    ["the header is not a JSON object", () => withLength(100n)],
    ["the header is not a JSON object", () => fileOf("[1]", 0)],
    ["the header is not a JSON object", () => fileOf("null", 0)],
    ["262145 tensors are too many", () => fileOf(many(SAFETENSORS_LIMITS.tensors + 1), 0)],
    [`tensor "${"n".repeat(80)}…": the name is too long`, () => fileOf({ [long]: f32([1], 0, 4) }, 4)],
    ['tensor "t": the entry is not an object', () => one([1])],
    ['tensor "t": unknown type "F4"', () => one({ dtype: "F4", shape: [1], data_offsets: [0, 4] })],
    [
      'tensor "t": unknown type "toString"',
      () => one({ dtype: "toString", shape: [1], data_offsets: [0, 4] }),
    ],
    ['tensor "t": unknown type "undefined"', () => one({ shape: [1], data_offsets: [0, 4] })],
    ['tensor "t": bad shape', () => one({ dtype: "F32", data_offsets: [0, 4] })],
    ['tensor "t": bad shape', () => one(f32([-1], 0, 4))],
    ['tensor "t": bad shape', () => one(f32([0.5], 0, 4))],
    ['tensor "t": bad shape', () => one(f32([1, 1, 1, 1, 1, 1, 1, 1, 1], 0, 4))],
    ['tensor "t": bad data_offsets', () => one({ dtype: "F32", shape: [1], data_offsets: [0] })],
    ['tensor "t": bad data_offsets', () => one(f32([1], -4, 0))],
    ['tensor "t": bad data_offsets', () => one(f32([1], 0, 2 ** 53))],
    ['tensor "t": data_offsets do not fit its shape and type', () => one(f32([2], 0, 4))],
    ['tensor "t": data_offsets do not fit its shape and type', () => one(f32([1], 4, 0))],
    ['tensor "t": data_offsets do not fit its shape and type', () => one(f32([2 ** 40, 2 ** 40], 0, 4))],
    ["a tensor reaches past the end of the file", () => one(f32([2], 0, 8))],
    ['tensor "b" overlaps another one', () => fileOf({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12)],
    ['tensor "b" overlaps another one', () => fileOf({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4)],
    ['there is a gap before tensor "b"', () => fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)],
    ['there is a gap before tensor "a"', () => fileOf({ a: f32([1], 4, 8) }, 8)],
    ["there are bytes after the last tensor", () => fileOf({ a: f32([1], 0, 4) }, 5)],
  ];

  test.each(cases)("%s", async (why, file) => {
    const failure = await readSafetensorsHeader(file(), LABEL).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({
      kind: "bad_request",
      message: `${LABEL} is not a valid safetensors file: ${why}`,
    });
  });

  test("a mutated file gives tensors inside the file or a refusal, never another failure", async () => {
    const good = new Uint8Array(
      await fileOf(
        { a: f32([2, 1], 0, 8), b: { dtype: "U8", shape: [3], data_offsets: [8, 11] } },
        11,
      ).bytes(),
    );
    const mutation = fc.array(
      fc.record({
        at: fc.nat(good.length - 1),
        to: fc.oneof(fc.nat(255), fc.constantFrom(0x30, 0x39, 0x2d)),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(mutation, async (changes) => {
        const bytes = good.slice();
        for (const { at, to } of changes) bytes[at] = to;
        const outcome = await readSafetensorsHeader(new Blob([bytes]), LABEL).catch(
          (error: unknown) => error,
        );
        if (!Array.isArray(outcome)) return outcome instanceof AppError && outcome.kind === "bad_request";
        return outcome.every(({ offset, bytes: length }) => offset >= 8 && offset + length <= good.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("readTensor", () => {
  const file = fileOf({ a: f32([1], 0, 4), b: f32([5], 4, 24) }, 24);

  test("gives the bytes in pieces, the last one shorter", async () => {
    const [, b] = await readSafetensorsHeader(file, LABEL);
    if (b === undefined) throw new Error("no tensor b");
    expect(await gather(readTensor(file, b, LABEL, never, 8))).toEqual([
      [4, 5, 6, 7, 8, 9, 10, 11],
      [12, 13, 14, 15, 16, 17, 18, 19],
      [20, 21, 22, 23],
    ]);
  });

  test("stops when aborted between pieces", async () => {
    const [, b] = await readSafetensorsHeader(file, LABEL);
    if (b === undefined) throw new Error("no tensor b");
    const controller = new AbortController();
    const pieces = readTensor(file, b, LABEL, controller.signal, 8);
    await pieces.next();
    controller.abort();
    await expect(pieces.next()).rejects.toThrow("abort");
  });

  test("says so when the file has shrunk since the header was read", async () => {
    const [, b] = await readSafetensorsHeader(file, LABEL);
    if (b === undefined) throw new Error("no tensor b");
    const shrunk = file.slice(0, file.size - 4);
    await expect(gather(readTensor(shrunk, b, LABEL, never))).rejects.toThrow(`${LABEL} ended early at byte`);
  });
});
