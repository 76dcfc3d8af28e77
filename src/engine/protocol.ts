import type { Weighed } from "../intent/decide.ts";
import type { TokenLogprob } from "../intent/generate.ts";
import type { PromptPiece } from "./pieces.ts";
import type { DecideTask, GenerateResult, GenerateTask, LoadedInfo, Picture } from "./port.ts";
import type { BatchCounts } from "./used.ts";

/** Where a runner may keep prompts that are not in a slot. */
export interface CacheSettings {
  /** Bytes of memory; 0: none. */
  memoryBytes: number;
  /** Absent: not on disk. */
  disk?: {
    /** Folder of all models' caches. */
    root: string;
    /** Most bytes of all models' files. */
    bytes: number;
    /** SHA-256 of the weights in hex: the model's folder in it. */
    weights: string;
    /** All other load options that change what a saved state means, in one text. */
    key: string;
  };
}

/**
 * The messages between the server and a runner. Ids are chosen by the server, unique in one runner's life.
 * A runner first sends `hello`, gets one `load`, answers `ready` or `failed`, and then serves until its IPC closes.
 * All of it goes over Bun's IPC but {@link GenerationMessage}, which is on the path of every token.
 */
export interface RunnerLoad {
  type: "load";
  modelPath: string;
  adapterPaths: string[];
  /** Lets the model see or hear: a GGUF of its own, made for these weights. */
  projectorPath?: string;
  /** The file that the projector is made from, when `projectorPath` does not exist. */
  projectorFrom?: string;
  /** The model that guesses tokens; how many tokens it holds, and how many it evaluates at a time. */
  draft?: { path: string; contextLength: number; batchSize: number };
  embeddingOnly: boolean;
  /** The weights have a ranking head, which pools the output. */
  ranks: boolean;
  /** Tokens per slot, already clamped to the trained context. */
  contextLength: number;
  parallel: number;
  /** 0: automatic. */
  batchSize: number;
  /** -1: automatic (all layers, where there is a GPU). */
  gpuLayers: number;
  mainGpu?: number;
  useMmap?: boolean;
  /** 0: automatic. */
  threads: number;
  flashAttention: "auto" | "on" | "off";
  kvCacheType: string;
  /** Absent: prompts are kept in slots only. */
  cache?: CacheSettings;
}

export interface RunnerGenerate extends GenerateTask {
  type: "generate";
  id: number;
}

export interface RunnerDecide extends DecideTask {
  type: "decide";
  id: number;
  /** As in {@link GenerateTask}. */
  requestId?: string;
}

export type ToRunner =
  | RunnerLoad
  | RunnerGenerate
  | RunnerDecide
  | { type: "cancel"; id: number }
  /** How much memory the runner's prompts may take from now on. */
  | { type: "cache_budget"; memoryBytes: number }
  /** Asks the runner to write the prompts worth keeping to the disk, and to end. */
  | { type: "retire" }
  | { type: "embed"; id: number; inputs: number[][]; requestId?: string }
  /** One input, with pictures in it. */
  | { type: "embed_pieces"; id: number; pieces: PromptPiece[]; requestId?: string }
  /** Short texts, tokenised and embedded at once. Where one has no tokens, or more than `most`, only their tokens are told. */
  | { type: "embed_texts"; id: number; texts: string[]; most: number; requestId?: string }
  | { type: "tokenize"; id: number; text: string; addSpecial: boolean; parseSpecial: boolean }
  | { type: "detokenize"; id: number; tokens: number[] }
  | { type: "pieces"; id: number; tokens: number[] }
  /** Takes a picture or a sound for `holder`, until it says `forget`. */
  | ({ type: "look"; id: number; holder: number } & Picture)
  | { type: "forget"; holder: number };

/** Text of one slot in one step. */
export interface SlotText {
  id: number;
  text: string;
  logprobs?: TokenLogprob[];
}

/** An answer has ended. `batch`: all batches since the last `done`, whichever answers they were for. */
export interface SlotDone extends GenerateResult {
  type: "done";
  id: number;
  reason: "stop" | "length";
}

/** All questions of a `decide` call are weighed. */
interface SlotDecided extends Weighed {
  type: "decided";
  id: number;
  /** As in {@link SlotDone}. */
  batch?: BatchCounts;
}

/** The request `id` failed; the runner lives on. `kind` is an AppError kind. */
export interface RequestFailed {
  type: "error";
  id: number;
  kind: "bad_request" | "unsupported" | "engine" | "cancelled";
  message: string;
}

/**
 * A runner's messages about `generate` and `decide` calls: lines of JSON over a socket of their own, its file descriptor {@link ANSWER_FD}.
 */
export type GenerationMessage =
  /** All slots' text of one step in one message. */
  { type: "text"; items: SlotText[] } | SlotDone | SlotDecided | RequestFailed;

/** The runner's end of the socket for {@link GenerationMessage}. */
export const ANSWER_FD = 3;

export type FromRunner =
  | { type: "hello" }
  | { type: "ready"; info: LoadedInfo }
  /** Loading failed; the runner exits. `message` is llama.cpp's own last error line where it has one. */
  | { type: "failed"; message: string }
  | GenerationMessage
  /** Bytes of the prompts that the runner keeps outside of slots, whenever that changes. */
  | { type: "cache"; memoryBytes: number; diskBytes: number }
  /** `lengths`: tokens of each input. */
  | { type: "embeddings"; id: number; vectors: Float32Array[]; lengths: number[]; batch?: BatchCounts }
  /** The tokens of each text, none of which was embedded. */
  | { type: "text_tokens"; id: number; tokens: number[][] }
  | { type: "tokens"; id: number; tokens: number[] }
  /** The pieces that a picture is in a prompt. */
  | { type: "seen"; id: number; pieces: PromptPiece[] }
  | { type: "detokenized"; id: number; text: string }
  /** The bytes of all tokens, one after the other, and how many each has. */
  | { type: "pieces"; id: number; bytes: Uint8Array; lengths: Uint32Array };

/**
 * Load progress does not travel by IPC (the runner's thread is inside llama.cpp while it loads): the C shim writes lines
 * `load <fraction>` to the runner's stdout. Any such line resets the load timeout.
 */
export const LOAD_PROGRESS = /^load (\d(?:\.\d+)?)$/;

/** A line of a runner's output that tells which step makes this load take longer than usual: for the log, and for waiting clients. */
export const LOAD_STEP = /^loading: (.+)$/;
