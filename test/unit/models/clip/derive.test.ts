import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deriveProjector } from "../../../../src/models/clip/derive.ts";
import { readGgufHeader } from "../../../../src/models/gguf/header.ts";
import type { GgufValue } from "../../../../src/models/gguf/value.ts";
import { tinyLlama } from "../../../support/models.ts";
import { pairFiles } from "../../../support/published/files.ts";
import { rewriteGguf } from "../../../support/rewrite-gguf.ts";

interface Golden {
  keys: Record<string, unknown>;
  /** Type, shape and the beginning of the SHA-256 of the bytes, by name. */
  tensors: Record<string, string>;
}

/** Of the same published files, by a program in Python that shares no code with ours and whose output llama.cpp encodes as Ollama does. */
const golden: Record<string, Golden> = await Bun.file(
  join(import.meta.dir, "../../../golden/published/clip.golden.json"),
).json();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-clip-"));
});
afterAll(() => rm(folder, { recursive: true }));

const derive = (source: string, target: string) =>
  deriveProjector(source, target, new AbortController().signal);

const plain = (value: GgufValue): unknown =>
  value.type === "array" ? Array.from(value.value as ArrayLike<number>, Number) : value.value;

async function tensorsOf(path: string): Promise<Record<string, string>> {
  const { tensors, dataOffset } = await readGgufHeader(path);
  const entries = tensors.map(async ({ name, type, shape, offset, byteLength }) => {
    const start = dataOffset + offset;
    const bytes = await Bun.file(path)
      .slice(start, start + byteLength)
      .bytes();
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex").slice(0, 16);
    return [name, `${type} ${shape.join("x")} ${hash}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe("the encoder in a published file, as a projector of its own", () => {
  test.each(Object.keys(golden))("%s", async (family) => {
    const { published } = await pairFiles(family);
    const target = join(folder, `${family}.gguf`);
    await derive(published, target);
    const { metadata } = await readGgufHeader(target);
    const keys = Object.fromEntries([...metadata].map(([key, value]) => [key, plain(value)]));
    expect(keys).toMatchObject(golden[family]!.keys);
    expect(await tensorsOf(target)).toEqual(golden[family]!.tensors);
  });

  test("a file without one is told so, and nothing is left", async () => {
    const before = await readdir(folder);
    await expect(derive(await tinyLlama(), join(folder, "no.gguf"))).rejects.toThrow(
      "the model's file has no encoder of pictures that is known",
    );
    expect(await readdir(folder)).toEqual(before);
  });

  test.each(Object.keys(golden))(
    "%s: any number of its header may be absurd: it is derived or refused, at no great cost",
    async (family) => {
      const { published } = await pairFiles(family);
      const { metadata } = await readGgufHeader(published);
      const counts = [...metadata].filter(([, { type }]) => type === "uint32").map(([key]) => key);
      const source = join(folder, "absurd.gguf");
      const before = process.cpuUsage();
      for (const key of counts) {
        const absurd = { type: "uint32", value: 2 ** 31 - 1 } as const;
        await rewriteGguf(published, source, (header) => new Map(header).set(key, absurd), []);
        await derive(source, join(folder, "derived.gguf")).catch((error: unknown) => {
          expect(error).toMatchObject({ kind: "bad_request" });
        });
      }
      expect(process.cpuUsage(before).user).toBeLessThan(counts.length * 1_000_000);
    },
  );
});
