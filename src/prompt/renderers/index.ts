import { renderCogito } from "./cogito.ts";
import { renderCohere } from "./cohere.ts";
import type { Renderer, RendererInput } from "./conversation.ts";
import { renderDeepseek31 } from "./deepseek3.1.ts";
import { renderFunctionGemma } from "./functiongemma.ts";
import { renderGemma4 } from "./gemma4.ts";
import { renderGlimmer } from "./glimmer.ts";
import { renderGlm47, renderGlmOcr } from "./glm.ts";
import { withImageMarkers } from "./images.ts";
import { renderLaguna, renderPoolside } from "./laguna.ts";
import { renderLfm2, renderLfm2Thinking } from "./lfm2.ts";
import { renderNemotron3, renderNemotron35 } from "./nemotron.ts";
import { renderOlmo3, renderOlmo3Think, renderOlmo31, renderOlmo332bThink } from "./olmo3.ts";
import { renderOrnith, renderQwen35, renderQwen38 } from "./qwen3.5.ts";
import { renderQwen3Coder } from "./qwen3-coder.ts";
import { renderQwen3Vl } from "./qwen3-vl.ts";

interface NamedRenderer {
  render: Renderer;
  /** Marks the places of images in the text. */
  images?: boolean;
  /** BOS token that the text begins with, to be cut off where the tokenizer adds one. */
  bos?: string;
}

const GEMMA_BOS = "<bos>";
const DEEPSEEK_BOS = "<｜begin▁of▁sentence｜>";
const LFM_BOS = "<|startoftext|>";
const LAGUNA_BOS = "〈|EOS|〉";

/** Every renderer that a published config names. */
const RENDERERS: Readonly<Record<string, NamedRenderer>> = {
  "qwen3-coder": { render: renderQwen3Coder },
  "qwen3-vl-instruct": { render: renderQwen3Vl(false), images: true },
  "qwen3-vl-thinking": { render: renderQwen3Vl(true), images: true },
  "qwen3.5": { render: renderQwen35, images: true },
  "qwen3.8": { render: renderQwen38, images: true },
  ornith: { render: renderOrnith, images: true },
  cogito: { render: renderCogito, bos: DEEPSEEK_BOS },
  "deepseek3.1": { render: renderDeepseek31, bos: DEEPSEEK_BOS },
  olmo3: { render: renderOlmo3 },
  "olmo3.1": { render: renderOlmo31 },
  "olmo3-think": { render: renderOlmo3Think },
  "olmo3-32b-think": { render: renderOlmo332bThink },
  "nemotron-3-nano": { render: renderNemotron3, images: true },
  "nemotron-3.5-nano": { render: renderNemotron35, images: true },
  "gemma4-small": { render: renderGemma4(false), images: true, bos: GEMMA_BOS },
  "gemma4-large": { render: renderGemma4(true), images: true, bos: GEMMA_BOS },
  functiongemma: { render: renderFunctionGemma, bos: GEMMA_BOS },
  "glm-4.7": { render: renderGlm47 },
  "glm-ocr": { render: renderGlmOcr, images: true },
  lfm2: { render: renderLfm2, images: true, bos: LFM_BOS },
  "lfm2-thinking": { render: renderLfm2Thinking, images: true, bos: LFM_BOS },
  laguna: { render: renderLaguna, bos: LAGUNA_BOS },
  "poolside-v1": { render: renderPoolside, bos: LAGUNA_BOS },
  cohere: { render: renderCohere, bos: "<BOS_TOKEN>" },
  glimmer: { render: renderGlimmer, images: true, bos: "<|begin_of_text|>" },
};

export const RENDERER_NAMES: readonly string[] = [...Object.keys(RENDERERS), "gemma4"].sort();

/** Which Gemma 4 a model is, by its name and, where that does not say, by its size. */
export interface ModelSize {
  shortName: string;
  fullName: string;
  /** As the config has it, e.g. `31.3B`. */
  parameterSize: string;
}

const SMALL = /e2b|e4b/i;
const LARGE = /12b|26b|31b/i;
const LEAST_LARGE = 12;

function gemma4Name({ shortName, fullName, parameterSize }: ModelSize): string {
  for (const name of [shortName, fullName]) {
    if (SMALL.test(name)) return "gemma4-small";
    if (LARGE.test(name)) return "gemma4-large";
  }
  const billions = /^([\d.]+)B$/i.exec(parameterSize)?.[1];
  return billions !== undefined && Number(billions) >= LEAST_LARGE ? "gemma4-large" : "gemma4-small";
}

/** The name of the renderer that does the work: `gemma4` stands for one of two. */
export const finalRenderer = (name: string, size: ModelSize): string =>
  name === "gemma4" ? gemma4Name(size) : name;

export const isRenderer = (name: string): boolean => RENDERER_NAMES.includes(name);

/**
 * A conversation as the renderer of that name writes it; undefined: there is none.
 *
 * @param addsBos the tokenizer puts a BOS token in front by itself.
 * @throws AppError `bad_request` for what the renderer refuses.
 */
export function renderByName(
  name: string,
  conversation: RendererInput,
  addsBos: boolean,
): string | undefined {
  if (!Object.hasOwn(RENDERERS, name)) return undefined;
  const { render, images = false, bos = "" } = RENDERERS[name]!;
  const messages = images ? withImageMarkers(conversation.messages) : conversation.messages;
  const text = render({ ...conversation, messages });
  return addsBos && text.startsWith(bos) ? text.slice(bos.length) : text;
}
