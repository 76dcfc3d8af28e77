/** The special facts of a family of models that neither its template nor its header has. */
export interface Family {
  /** Answers in OpenAI's harmony channels: such a model can always think, and has no level above `high`. */
  harmony: boolean;
  /** Its context shifts when it is full, unless a request says otherwise. */
  shifts: boolean;
  /** Thinking, which clients send inside the text, must be left out of the history. */
  forgetsThinking: boolean;
  /** The kind of the ranking head's first output: llama.cpp ends some heads with a softmax (build_pooling in llama-graph.cpp). */
  rankScores: "logit" | "probability";
  /** One layer in so many attends to everything, the others to a window (llama.cpp's set_swa_pattern). Absent: all layers alike. */
  windowPattern?: number;
}

const ORDINARY: Family = { harmony: false, shifts: true, forgetsThinking: false, rankScores: "logit" };

/** By `general.architecture` of the GGUF. `gptoss` is what Ollama's own converter writes (docs/behaviour: api-native §3 and §5). */
const BY_ARCHITECTURE: Readonly<Record<string, Partial<Family>>> = {
  deepseek2: { shifts: false },
  cohere2: { windowPattern: 4 },
  "gemma-embedding": { windowPattern: 6 },
  gemma2: { windowPattern: 2 },
  gemma3: { windowPattern: 6 },
  gemma3n: { windowPattern: 5 },
  "gpt-oss": { harmony: true, windowPattern: 2 },
  gptoss: { harmony: true, windowPattern: 2 },
  llama4: { windowPattern: 4 },
  qwen3: { forgetsThinking: true, rankScores: "probability" },
  qwen3vl: { rankScores: "probability" },
};

/** By the model's own name: a distillate has the architecture of the model that it was distilled into. */
const BY_NAME: Readonly<Record<string, Partial<Family>>> = {
  "deepseek-r1": { forgetsThinking: true },
};

/** `me/deepseek-r1:7b` → `deepseek-r1` */
const modelPart = (shortName: string): string =>
  shortName.slice(shortName.lastIndexOf("/") + 1).split(":", 1)[0] ?? "";

/**
 * The special facts of a model's family.
 *
 * @param architecture `general.architecture` of its GGUF; unknown ones are ordinary.
 * @param shortName the model as users see it, where that is known.
 */
export function familyOf(architecture: string, shortName = ""): Family {
  const named = Object.hasOwn(BY_NAME, modelPart(shortName)) ? BY_NAME[modelPart(shortName)] : {};
  const known = Object.hasOwn(BY_ARCHITECTURE, architecture) ? BY_ARCHITECTURE[architecture] : {};
  return { ...ORDINARY, ...known, ...named };
}
