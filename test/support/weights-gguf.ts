import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGguf } from "../../src/models/gguf/write.ts";
import { llamaMetadata } from "./tiny-gguf.ts";

const MIB = 2 ** 20;

/** Bytes of a GGUF with one tensor of so many MiB, no two stretches of which are alike. */
export async function ggufWithWeights(mebibytes: number): Promise<Uint8Array> {
  const path = join(tmpdir(), `llamero-weights-${randomUUID()}.gguf`);
  try {
    await writeWeights(path, mebibytes);
    return await Bun.file(path).bytes();
  } finally {
    await rm(path, { force: true });
  }
}

/** Writes such a GGUF to `path`, piece by piece. */
export async function writeWeights(path: string, mebibytes: number): Promise<void> {
  const bytes = mebibytes * MIB;
  const data = async function* () {
    for (let at = 0; at < bytes; at += MIB) {
      const words = new Uint32Array(MIB / 4);
      for (let word = 0; word < words.length; word++) words[word] = Math.imul(at + word + 1, 2_654_435_761);
      yield new Uint8Array(words.buffer);
    }
  };
  const tensor = { name: "token_embd.weight", shape: [bytes / 4], type: 0, bytes, data };
  await writeGguf(path, llamaMetadata(), [tensor], new AbortController().signal);
}
