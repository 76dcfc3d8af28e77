import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSource } from "../../../../src/models/gguf/cursor.ts";
import { GgufStrings } from "../../../../src/models/gguf/strings.ts";
import type { GgufMetadata, GgufValue } from "../../../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../../../src/models/gguf/write.ts";

/** Bytes in memory as a source that hands out at most `most` at a time. */
export const sourceOf = (bytes: Uint8Array, most = Number.POSITIVE_INFINITY): ByteSource => ({
  size: bytes.byteLength,
  read: async (into, position) => {
    const piece = bytes.subarray(position, position + Math.min(into.byteLength, most));
    into.set(piece);
    return piece.byteLength;
  },
});

const encoder = new TextEncoder();

/** Strings as a header yields them. */
export function stringsOf(...parts: (string | Uint8Array)[]): GgufStrings {
  const all = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  let end = 0;
  const ends = all.map((part) => {
    end += part.byteLength;
    return end;
  });
  return new GgufStrings(new Uint8Array(Buffer.concat(all)), new Uint32Array(ends));
}

/** A value of every type that metadata can have, extremes included, in the form in which the reader gives it. */
export const EVERY_TYPE: GgufMetadata = new Map<string, GgufValue>([
  ["general.architecture", { type: "string", value: "llama" }],
  ["general.name", { type: "string", value: "\ufeffBöse 🦙 \u0000 name" }],
  ["empty", { type: "string", value: "" }],
  ["u8", { type: "uint8", value: 255 }],
  ["i8", { type: "int8", value: -128 }],
  ["u16", { type: "uint16", value: 65_535 }],
  ["i16", { type: "int16", value: -32_768 }],
  ["u32", { type: "uint32", value: 4_294_967_295 }],
  ["i32", { type: "int32", value: -2_147_483_648 }],
  ["u64", { type: "uint64", value: 18_446_744_073_709_551_615n }],
  ["i64", { type: "int64", value: -9_223_372_036_854_775_808n }],
  ["f32", { type: "float32", value: 0.00001 }],
  ["f32.third", { type: "float32", value: 0.33333334 }],
  ["f32.zero", { type: "float32", value: -0 }],
  ["f32.infinite", { type: "float32", value: Number.NEGATIVE_INFINITY }],
  ["f64", { type: "float64", value: Math.PI }],
  ["yes", { type: "bool", value: true }],
  ["no", { type: "bool", value: false }],
  ["a.u8", { type: "array", of: "uint8", value: new Uint8Array([0, 255]) }],
  ["a.i8", { type: "array", of: "int8", value: new Int8Array([-128, 127]) }],
  ["a.u16", { type: "array", of: "uint16", value: new Uint16Array([0, 65_535]) }],
  ["a.i16", { type: "array", of: "int16", value: new Int16Array([-32_768, 32_767]) }],
  ["a.u32", { type: "array", of: "uint32", value: new Uint32Array([0, 4_294_967_295]) }],
  ["a.i32", { type: "array", of: "int32", value: new Int32Array([-1, 1]) }],
  ["a.u64", { type: "array", of: "uint64", value: new BigUint64Array([0n, 2n ** 64n - 1n]) }],
  ["a.i64", { type: "array", of: "int64", value: new BigInt64Array([-(2n ** 63n), 1n]) }],
  ["a.f32", { type: "array", of: "float32", value: new Float32Array([0.1, -1.5]) }],
  ["a.f64", { type: "array", of: "float64", value: new Float64Array([0.1, -1e300]) }],
  ["a.bool", { type: "array", of: "bool", value: new Uint8Array([1, 0, 1]) }],
  ["a.none", { type: "array", of: "int32", value: new Int32Array() }],
  ["a.string", { type: "array", of: "string", value: stringsOf("", "<s>", "Ġllama", "🦙") }],
  ["a.string.none", { type: "array", of: "string", value: stringsOf() }],
]);

/** A tensor whose bytes count up, in pieces of 7. */
export function tensorOf(name: string, type: number, shape: number[], bytes: number): GgufTensorSource {
  return {
    name,
    type,
    shape,
    bytes,
    async *data() {
      for (let at = 0; at < bytes; at += 7) {
        yield Uint8Array.from({ length: Math.min(7, bytes - at) }, (_, index) => at + index);
      }
    },
  };
}

export const TENSORS = [
  tensorOf("token_embd.weight", 3, [64, 3], 120),
  tensorOf("scale", 0, [], 4),
  tensorOf("none", 1, [0, 5], 0),
  tensorOf("blk.0.ffn_up.weight", 12, [256, 2, 2, 1], 576),
  tensorOf("output_norm.weight", 30, [5], 10),
];

/** Runs `use` with the path of a new file that is gone afterwards. */
export async function withFile<T>(use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "llamero-gguf-"));
  try {
    return await use(join(directory, "model.gguf"));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The bytes of the file that the writer makes of these. */
export const written = (metadata: GgufMetadata, tensors: readonly GgufTensorSource[]): Promise<Uint8Array> =>
  withFile(async (path) => {
    await writeGguf(path, metadata, tensors, new AbortController().signal);
    return Bun.file(path).bytes();
  });
