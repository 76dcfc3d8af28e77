import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { cachePath, makeOnce } from "../cache.ts";
import { gaussian } from "../tiny-llama.ts";
import { EMBEDDING_PAIRS, TEXT_PAIRS } from "./pairs.ts";

export interface PairFiles {
  /** Path of the model as llama.cpp has it. */
  native: string;
  /** Path of the same weights as Ollama's registry has them. */
  published: string;
}

/** The pair's files, written when they are asked for the first time: the same bytes each time. Treat them as read-only. */
export async function pairFiles(name: string): Promise<PairFiles> {
  const make = { ...TEXT_PAIRS, ...EMBEDDING_PAIRS }[name];
  if (make === undefined) throw new Error(`no pair is called ${name}`);
  const folder = await makeOnce(
    cachePath(`published-${name}-${await sourceKey()}`),
    "published.gguf",
    async (target) => {
      const { native, published } = make(gaussian(name));
      await mkdir(target);
      await native.write(join(target, "native.gguf"), false);
      await published.write(join(target, "published.gguf"), true);
    },
  );
  return { native: join(folder, "native.gguf"), published: join(folder, "published.gguf") };
}

/** Names what the files are made by. */
async function sourceKey(): Promise<string> {
  const names = ["../gguf-tensor.ts", ...(await readdir(import.meta.dir)).sort()];
  const texts = names.map((name) => Bun.file(join(import.meta.dir, name)).text());
  return Bun.hash((await Promise.all(texts)).join("\n")).toString(36);
}
