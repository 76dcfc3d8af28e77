import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fetchModel } from "../../scripts/fetch-model.ts";
import { ALL_MINILM, SMOLLM2_Q4_1 } from "../../scripts/models.ts";
import { convertSafetensors } from "../../src/models/convert/convert.ts";
import { cachePath, makeOnce } from "./cache.ts";
import { type EncoderSize, SLOW, writeColourProjector } from "./colour-projector.ts";
import { openFolder } from "./open-folder.ts";
import { graniteHybrid } from "./published/granite-hybrid.ts";
import { writeBertReranker, writeClsEmbedder, writeTinyQwenReranker } from "./rerankers.ts";
import { type Script, writeScriptedModel } from "./scripted-model.ts";
import { gaussian, type TinyLlamaOptions, writeTinyLlama } from "./tiny-llama.ts";
import { writeTinySpm } from "./tiny-spm.ts";

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
  const maker = await textOf("tiny-llama.ts", "gguf-tensor.ts");
  const key = shortHash(
    `${await sourceKey("models/convert", "models/gguf")}\n${maker}\n${JSON.stringify(options)}`,
  );
  return makeOnce(cachePath(`tiny-llama-${key}.gguf`), "", (target) => writeTinyLlama(target, options));
}

/** A projector for SmolLM2 that knows ten colours. See colour-projector.ts. */
export const colourProjector = once((): Promise<string> => colourProjectorOf("colour"));

/** The same with an encoder that takes its time. */
export const slowColourProjector = once((): Promise<string> => colourProjectorOf("slow-colour", SLOW));

async function colourProjectorOf(name: string, size?: EncoderSize): Promise<string> {
  const maker = await textOf("colour-projector.ts");
  const model = await smollm2();
  const key = shortHash(`${await sourceKey("models/gguf")}\n${maker}`);
  return makeOnce(cachePath(`mmproj-${name}-${key}.gguf`), "", (target) =>
    writeColourProjector(model, target, size),
  );
}

/** The same with a random ranking head, 47 MB. See rerankers.ts, as of the next two. */
export const bertReranker = once(
  async (): Promise<string> => derived("bert-reranker", await allMiniLm(), writeBertReranker),
);

/** all-MiniLM that gives its first token's vector. */
export const clsEmbedder = once(
  async (): Promise<string> => derived("cls-embedder", await allMiniLm(), writeClsEmbedder),
);

/** A tiny Qwen3 with a ranking head and a prompt template for it. */
export const tinyQwenReranker = once(
  async (): Promise<string> => derived("tiny-qwen-reranker", await tinyLlama(), writeTinyQwenReranker),
);

/** The tiny llama with a vocabulary of SentencePiece's kind. */
export const tinySpm = once(
  async (): Promise<string> => derived("tiny-spm", await tinyLlama(), writeTinySpm),
);

/** A granite-hybrid with random weights: Mamba 2 and attention. */
export const tinyGraniteHybrid = once(async (): Promise<string> => {
  const makers = ["granite-hybrid.ts", "parts.ts", "tiny-model.ts", "tokenizers.ts"];
  const key = shortHash(await textOf(...makers.map((file) => `published/${file}`)));
  return makeOnce(cachePath(`tiny-granite-hybrid-${key}.gguf`), "", (target) =>
    graniteHybrid(gaussian("granite-hybrid")).write(target, false),
  );
});

/** A model that calls a tool once and then has its say, 7 MB. See scripted-model.ts. */
export async function scriptedModel(script: Script): Promise<string> {
  const maker = await textOf("scripted-model.ts", "gguf-tensor.ts");
  const source = await smollm2();
  const key = shortHash(`${await sourceKey("models/gguf")}\n${maker}\n${JSON.stringify(script)}`);
  return makeOnce(cachePath(`scripted-${key}.gguf`), "", (target) =>
    writeScriptedModel(source, target, script),
  );
}

/** A file that `write` makes of another one. */
async function derived(
  name: string,
  source: string,
  write: (source: string, target: string) => Promise<void>,
): Promise<string> {
  const makers = await textOf("rerankers.ts", "rewrite-gguf.ts", "tiny-spm.ts");
  const key = shortHash(`${source}\n${makers}`);
  return makeOnce(cachePath(`${name}-${key}.gguf`), "", (target) => write(source, target));
}

/** What files of this folder say, for the name of what they make. */
async function textOf(...files: string[]): Promise<string> {
  const texts = files.map((file) => Bun.file(join(import.meta.dir, file)).text());
  return (await Promise.all(texts)).join("\n");
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
