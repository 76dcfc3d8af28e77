import type { ClipLayout } from "./clip-layout.ts";
import { gemma3, gemma4 } from "./families/gemma.ts";
import { deepseekocr, glmocr, llama4, mistral3, nemotronOmni } from "./families/others.ts";
import { qwen3vl, qwen25vl, qwen35 } from "./families/qwen.ts";

/** Every kind of model that Ollama publishes with the encoder of pictures in its own file (docs/behaviour: published layouts §2). */
const CLIP_LAYOUTS: readonly ClipLayout[] = [
  gemma3,
  gemma4,
  qwen25vl,
  qwen3vl,
  qwen35,
  llama4,
  mistral3,
  glmocr,
  deepseekocr,
  nemotronOmni,
];

/** How the encoder in a model of this architecture is made a projector; undefined: its files have none, or none that we know. */
export const clipLayoutOf = (architecture: string): ClipLayout | undefined =>
  CLIP_LAYOUTS.find(({ architectures }) => architectures.includes(architecture));
