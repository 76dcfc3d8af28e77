import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GgufMetadata, GgufValue } from "../../src/models/gguf/value.ts";
import { writeGguf } from "../../src/models/gguf/write.ts";

export const text = (value: string): GgufValue => ({ type: "string", value });
export const uint32 = (value: number): GgufValue => ({ type: "uint32", value });

/** Metadata of a tiny llama, with changes; undefined takes a key away. */
export function llamaMetadata(changes: Record<string, GgufValue | undefined> = {}): GgufMetadata {
  const all: Record<string, GgufValue | undefined> = {
    "general.architecture": text("llama"),
    "general.name": text("tiny"),
    "general.file_type": uint32(3),
    "llama.context_length": uint32(2048),
    "llama.embedding_length": uint32(64),
    "llama.rope.freq_base": { type: "float32", value: 0.1 },
    "general.big": { type: "uint64", value: 12345678901234567890n },
    "tokenizer.ggml.tokens": { type: "array", of: "string", value: ["<s>", "a"] },
    ...changes,
  };
  return new Map(Object.entries(all).filter((entry): entry is [string, GgufValue] => entry[1] !== undefined));
}

/** Bytes of a GGUF with that metadata and one F32 tensor of 8 × 4 elements. */
export async function tinyGguf(
  metadata: GgufMetadata = llamaMetadata(),
  tensorName = "token_embd.weight",
): Promise<Uint8Array> {
  const path = join(tmpdir(), `llamero-tiny-${randomUUID()}.gguf`);
  try {
    const data = async function* () {
      yield new Uint8Array(128);
    };
    const tensor = { name: tensorName, shape: [8, 4], type: 0, bytes: 128, data };
    await writeGguf(path, metadata, [tensor], new AbortController().signal);
    return await Bun.file(path).bytes();
  } finally {
    await rm(path, { force: true });
  }
}
