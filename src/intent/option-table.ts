/** JSON types of options, named as Ollama's error texts name them (docs/behaviour: api-native §2). */
export type OptionType = "integer" | "float32" | "boolean" | "array";

interface OptionRow {
  type: OptionType;
  /** Of an option that is fixed when the model is loaded: its name in `LoadOptions`. */
  load?: string;
  /** Of an option that is decided for each answer: its name in `SamplingOptions`, and Ollama's default. */
  sampling?: string;
  default?: number | readonly string[];
  /** The option's effect and its default, for the OpenAPI document. */
  description: string;
  /** The option's effect, in a few words for `/set parameter`. */
  help?: string;
}

/**
 * Every option that a request, a Modelfile's PARAMETER and `/set parameter` know: the one place where an option is written down. From
 * it come the options' types, checks, defaults and descriptions.
 */
export const OPTIONS = {
  num_ctx: {
    type: "integer",
    load: "numCtx",
    description:
      "Tokens of context for each conversation, at least 4 and at most what the model was trained with. Default: `OLLAMA_CONTEXT_LENGTH`. Another value than the loaded one reloads the model.",
    help: "Context length",
  },
  num_batch: {
    type: "integer",
    load: "numBatch",
    description: "Most tokens that are evaluated in one step of the engine. Default 512.",
  },
  num_gpu: {
    type: "integer",
    load: "numGpu",
    description: "Layers to keep on the GPU; 0: none. Default: as many as fit.",
    help: "Layers to put on the GPU",
  },
  main_gpu: {
    type: "integer",
    load: "mainGpu",
    description: "Index of the only GPU to use. Default: all of them.",
  },
  use_mmap: {
    type: "boolean",
    load: "useMmap",
    description: "Map the weights into memory instead of reading them. Default: automatic.",
  },
  num_thread: {
    type: "integer",
    load: "numThread",
    description:
      "CPU threads of the engine, at most one for each CPU. 0, the default: as many as there are cores to use.",
  },
  draft_num_predict: {
    type: "integer",
    sampling: "draftNumPredict",
    default: -1,
    description:
      "Most tokens to guess and evaluate at a time, with the draft model where there is one and from the text before. 0: none. Negative, the default: as many as pay.",
  },
  num_keep: {
    type: "integer",
    sampling: "numKeep",
    default: 4,
    description: "Tokens at the front that stay when the context shifts. Default 4.",
  },
  seed: {
    type: "integer",
    sampling: "seed",
    default: -1,
    description: "Seed of the sampler; the same seed gives the same answer. -1, the default: a random one.",
    help: "Seed of the random numbers",
  },
  num_predict: {
    type: "integer",
    sampling: "numPredict",
    default: -1,
    description: "Most tokens to generate. Negative, the default: as many as 10 times the context.",
    help: "Most tokens to generate",
  },
  top_k: {
    type: "integer",
    sampling: "topK",
    default: 40,
    description: "Sample from this many of the likeliest tokens. 0 or less: from all. Default 40.",
    help: "Choose from the k most likely tokens",
  },
  top_p: {
    type: "float32",
    sampling: "topP",
    default: 0.9,
    description: "Sample from the likeliest tokens that together have this probability, 0 to 1. Default 0.9.",
    help: "Choose from the tokens with this probability together",
  },
  min_p: {
    type: "float32",
    sampling: "minP",
    default: 0,
    description:
      "Leave out tokens less likely than this share of the likeliest one, 0 to 1. Default 0: none.",
    help: "Least probability, relative to the best token's",
  },
  typical_p: {
    type: "float32",
    sampling: "typicalP",
    default: 1,
    description: "Locally typical sampling, 0 to 1. Default 1: off.",
  },
  repeat_last_n: {
    type: "integer",
    sampling: "repeatLastN",
    default: 64,
    description: "Tokens that the penalties look back at. 0: off; -1: the whole context. Default 64.",
    help: "How far back to look for repetition",
  },
  temperature: {
    type: "float32",
    sampling: "temperature",
    default: 0.8,
    description: "Higher is more random; 0 always takes the likeliest token. Default 0.8.",
    help: "How much chance there is in the choice",
  },
  repeat_penalty: {
    type: "float32",
    sampling: "repeatPenalty",
    default: 1,
    description: "Divides the score of tokens that occurred. Default 1: off.",
    help: "How strongly to discourage repetition",
  },
  presence_penalty: {
    type: "float32",
    sampling: "presencePenalty",
    default: 0,
    description: "Subtracted from the score of tokens that occurred. Default 0.",
  },
  frequency_penalty: {
    type: "float32",
    sampling: "frequencyPenalty",
    default: 0,
    description: "Subtracted from the score of tokens for every time they occurred. Default 0.",
  },
  stop: {
    type: "array",
    sampling: "stop",
    default: [],
    description: "Texts that end the answer; they are not part of it. Default: the model's own.",
    help: "Texts that end an answer",
  },
} as const satisfies Record<string, OptionRow>;

type Table = typeof OPTIONS;
export type OptionName = keyof Table;

/** Names of the options, in the order of the table. */
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** A row of the table by the type that all rows have. */
export const optionRow = (name: OptionName): OptionRow => OPTIONS[name];

/** Is `key` an option that llamero knows? */
export const isOption = (key: string): key is OptionName => Object.hasOwn(OPTIONS, key);

type ValueOf<Type> = Type extends "array" ? string[] : Type extends "boolean" ? boolean : number;

/**
 * An Ollama `options` object, after validation (docs/behaviour: api-native §2). An absent option was not given: defaults are merged
 * once, lowest first, built-in < model PARAMETER < request.
 */
export type RunOptions = { -readonly [Name in OptionName]?: ValueOf<Table[Name]["type"]> };

type Place<Name extends OptionName, Key extends string> =
  Table[Name] extends Record<Key, infer To extends string> ? To : never;

/** How one answer is sampled; every field decided. */
export type SamplingOptions = {
  -readonly [Name in OptionName as Place<Name, "sampling">]: ValueOf<Table[Name]["type"]>;
};

/** The options that are fixed when a model is loaded; a difference in any of them reloads it. Absent: automatic. */
export type LoadOptions = {
  -readonly [Name in OptionName as Place<Name, "load">]?: ValueOf<Table[Name]["type"]>;
};
