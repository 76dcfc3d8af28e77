import { arcticEmbed2 } from "./bert.ts";
import { embeddingGemma, gemma3, gemma3n, gemma4 } from "./gemma.ts";
import { llama3, llama4 } from "./llama.ts";
import { glmocr, gptoss, lfm2, mistral3, olmo3 } from "./others.ts";
import { qwen3vl, qwen25vl, qwen35 } from "./qwen.ts";
import type { TinyModel } from "./tiny-model.ts";

/** One model of random weights in two layouts: llama.cpp's own, and that in which Ollama's registry has its family. */
export interface Pair {
  native: TinyModel;
  published: TinyModel;
}

/** Models that generate text, by the layout's name. */
export const TEXT_PAIRS: Readonly<Record<string, (random: () => number) => Pair>> = {
  gptoss,
  gemma3,
  gemma3n,
  gemma4,
  llama3,
  llama4,
  mistral3,
  qwen25vl,
  qwen3vl,
  qwen35,
  lfm2,
  olmo3,
  glmocr,
};

/** Models that embed. */
export const EMBEDDING_PAIRS: Readonly<Record<string, (random: () => number) => Pair>> = {
  embeddinggemma: embeddingGemma,
  "snowflake-arctic-embed2": arcticEmbed2,
};
