/** Features of the models whose config names a parser. */
export interface ParserTraits {
  tools: boolean;
  thinking: boolean;
}

const BOTH: ParserTraits = { tools: true, thinking: true };
const TOOLS: ParserTraits = { tools: true, thinking: false };
const THINKING: ParserTraits = { tools: false, thinking: true };
const NEITHER: ParserTraits = { tools: false, thinking: false };

/** Every parser that a published config names. `output/parsers` has their code. */
const PARSER_TRAITS = {
  cogito: BOTH,
  cohere: BOTH,
  deepseek3: BOTH,
  functiongemma: TOOLS,
  gemma4: BOTH,
  "gemma4-no-thinking": TOOLS,
  glimmer: BOTH,
  "glm-4.7": BOTH,
  "glm-ocr": TOOLS,
  harmony: BOTH,
  laguna: BOTH,
  lfm2: TOOLS,
  "lfm2-thinking": BOTH,
  ministral: TOOLS,
  "nemotron-3-nano": BOTH,
  "nemotron-3.5-nano": BOTH,
  olmo3: TOOLS,
  "olmo3-think": THINKING,
  ornith: BOTH,
  passthrough: NEITHER,
  "poolside-v1": BOTH,
  qwen3: TOOLS,
  "qwen3-coder": TOOLS,
  "qwen3-thinking": BOTH,
  "qwen3-vl-instruct": TOOLS,
  "qwen3-vl-thinking": BOTH,
  "qwen3.5": BOTH,
} satisfies Record<string, ParserTraits>;

export type ParserName = keyof typeof PARSER_TRAITS;

export const PARSER_NAMES: readonly string[] = Object.keys(PARSER_TRAITS);

export const isParser = (name: string): name is ParserName => Object.hasOwn(PARSER_TRAITS, name);

/** Undefined: there is no such parser. */
export const parserTraits = (name: string): ParserTraits | undefined =>
  isParser(name) ? PARSER_TRAITS[name] : undefined;
