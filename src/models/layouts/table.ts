import { embeddingGemma, gemma3, gemma3n, gemma4 } from "./families/gemma.ts";
import { glm4moelite, glmocr } from "./families/glm.ts";
import { llama3, llama4 } from "./families/llama.ts";
import { nemotronHMoe, nemotronHOmni } from "./families/nemotron.ts";
import { arcticEmbed2, deepseekocr, gptoss, laguna, lfm2, mistral3, olmo3 } from "./families/others.ts";
import { qwen3next, qwen3vl, qwen25vl, qwen35 } from "./families/qwen.ts";
import type { Layout } from "./layout.ts";

/** Every layout of Ollama's registry that llama.cpp does not read. The first one that fits a file is the file's layout. */
export const LAYOUTS: readonly Layout[] = [
  gptoss,
  embeddingGemma,
  gemma3,
  gemma3n,
  gemma4,
  llama3,
  llama4,
  mistral3,
  qwen25vl,
  qwen3vl,
  qwen3next,
  qwen35,
  lfm2,
  olmo3,
  glm4moelite,
  glmocr,
  deepseekocr,
  nemotronHMoe,
  nemotronHOmni,
  laguna,
  arcticEmbed2,
];
