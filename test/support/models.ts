import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fetchModel } from "../../scripts/fetch-model.ts";
import { ALL_MINILM, SMOLLM2_Q4_1 } from "../../scripts/models.ts";
import { convertSafetensors } from "../../src/models/convert/convert.ts";
import { openFolder } from "../../src/models/convert/folder.ts";
import { cachePath, makeOnce } from "./cache.ts";
import { type TinyLlamaOptions, writeTinyLlama } from "./tiny-llama.ts";

/**
 * Models for tests, each the path of a file in the cache (see {@link cachePath}), made or downloaded when it is asked for the
 * first time. Treat them as read-only.
 */

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** SmolLM2-135M-Instruct, Q4_1, 98 MB: the smallest model that holds a conversation. */
export const smollm2 = once(async (): Promise<string> => (await fetchModel(SMOLLM2_Q4_1)).path);

/** all-MiniLM-L6-v2 as F16 GGUF, 46 MB, made by our own converter; made again when the converter's source changes. */
export const allMiniLm = once(async (): Promise<string> => {
  const source = await fetchModel(ALL_MINILM);
  const key = shortHash(`${await sourceKey("models/convert", "models/gguf")} ${source.sha256}`);
  return makeOnce(cachePath(`all-minilm-f16-${key}.gguf`), "", async (target) => {
    const { files } = await openFolder(source.path);
    const folder = { name: "all-MiniLM-L6-v2", files };
    await convertSafetensors(folder, target, { type: "F16" }, new AbortController().signal);
  });
});

/** A llama model with random weights, 222 KB, that loads in llama.cpp. The same options give the same file. */
export async function tinyLlama(options: TinyLlamaOptions = {}): Promise<string> {
  const maker = await Bun.file(join(import.meta.dir, "tiny-llama.ts")).text();
  const key = shortHash(
    `${await sourceKey("models/convert", "models/gguf")}\n${maker}\n${JSON.stringify(options)}`,
  );
  return makeOnce(cachePath(`tiny-llama-${key}.gguf`), "", (target) => writeTinyLlama(target, options));
}

/** Names the content of folders of src. */
async function sourceKey(...folders: string[]): Promise<string> {
  const texts = folders.map(async (folder) => {
    const directory = join(import.meta.dir, "../../src", folder);
    const names = (await readdir(directory)).filter((name) => name.endsWith(".ts")).sort();
    return Promise.all(names.map((name) => Bun.file(join(directory, name)).text()));
  });
  return shortHash((await Promise.all(texts)).flat().join("\n"));
}

const shortHash = (text: string): string => Bun.hash(text).toString(36);
