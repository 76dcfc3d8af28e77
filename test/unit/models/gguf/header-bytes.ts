import { expect, test } from "bun:test";
import { GrowingBytes } from "../../../../src/models/gguf/growing-bytes.ts";
import { parseGgufHeader } from "../../../../src/models/gguf/header.ts";
import { MAGIC } from "../../../../src/models/gguf/magic.ts";
import { GGUF_TYPE_IDS } from "../../../../src/models/gguf/value.ts";
import { sourceOf } from "./sample.ts";

/** A piece of a header, right or wrong. */
export type Piece = (out: GrowingBytes) => void;

export const u32 =
  (value: number): Piece =>
  (out) =>
    out.uint32(value);
export const u64 =
  (value: bigint | number): Piece =>
  (out) =>
    out.uint64(BigInt(value));
export const bytes =
  (...values: number[]): Piece =>
  (out) =>
    out.raw(new Uint8Array(values));
export const string =
  (value: string | Uint8Array): Piece =>
  (out) =>
    out.string(value);
export const zeros =
  (count: number): Piece =>
  (out) =>
    out.raw(new Uint8Array(count));
const all =
  (...pieces: Piece[]): Piece =>
  (out) => {
    for (const piece of pieces) piece(out);
  };

/** Magic, version and counts: 24 bytes. */
export const start = (tensors: bigint | number, keys: bigint | number, version = 3): Piece =>
  all(u32(MAGIC), u32(version), u64(tensors), u64(keys));

/** A key with a value of a type. */
export const entry = (key: string, type: keyof typeof GGUF_TYPE_IDS, ...value: Piece[]): Piece =>
  all(string(key), u32(GGUF_TYPE_IDS[type]), ...value);

/** The key "k" with an array; its length is at offset 41 when it comes first, its elements at 49. */
export const array = (of: keyof typeof GGUF_TYPE_IDS, length: bigint | number, ...elements: Piece[]): Piece =>
  entry("k", "array", u32(GGUF_TYPE_IDS[of]), u64(length), ...elements);

export const tensor = (
  name: string,
  shape: (bigint | number)[],
  type: number,
  offset: bigint | number,
): Piece => all(string(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset));

export function bytesOf(...pieces: Piece[]): Uint8Array {
  const out = new GrowingBytes();
  all(...pieces)(out);
  return out.done();
}

/** A test for each header that must be refused with 400 and a message that begins so. */
export function testRefusals(refused: [what: string, pieces: Piece[], message: string][]): void {
  test.each(refused)("refuses %s", async (_, pieces, message) => {
    await expect(parseGgufHeader(sourceOf(bytesOf(...pieces)))).rejects.toMatchObject({
      name: "AppError",
      kind: "bad_request",
      message: expect.stringContaining(`invalid GGUF: ${message}`),
    });
  });
}
