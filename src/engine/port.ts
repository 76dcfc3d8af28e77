import type { CacheReport } from "../intent/cache.ts";
import type { Weighed, WeighedQuestion } from "../intent/decide.ts";
import type { DoneReason, GuessKind, TokenLogprob } from "../intent/generate.ts";
import type { ModelShape } from "../intent/model-shape.ts";
import type { LoadOptions, SamplingOptions } from "../intent/option-table.ts";
import type { Digest } from "../lib/digest.ts";
import type { KeepAlive } from "../lib/duration.ts";
import type { LoadedEngine } from "./facts.ts";
import type { PromptPiece } from "./pieces.ts";
import type { Requester } from "./requester.ts";
import type { EngineTotals } from "./totals.ts";
import type { BatchCounts, TokensUsed, WorkKind } from "./used.ts";

export type { EngineDevice, EngineFacts, LoadedEngine } from "./facts.ts";
export type { BatchCounts, LoadOptions, Requester, TokensUsed, WorkKind };

/** Everything the engine needs to know to load a model: facts of the model's record, and the request's load options. */
export interface LoadSpec {
  /** Shortest display name of the tag that asked, e.g. `smollm2:latest`. */
  name: string;
  /** SHA-256 of the manifest in hex, for `/api/ps`. */
  manifestDigest: string;
  /** Residency key: the same weights with the same load options share one runner. */
  weightsDigest: Digest;
  weightsPath: string;
  /** Bytes of the weights file. */
  weightsBytes: number;
  /** The facts of the header about the memory that the model needs; absent where it was not read. */
  shape?: ModelShape;
  adapterPaths: string[];
  /** Bytes of the adapters' files. */
  adapterBytes?: number;
  /** The GGUF that lets the model see or hear; absent for one that only reads. */
  projector?: ProjectorFile;
  /** A smaller model of the same vocabulary that guesses what this one will say. */
  draft?: DraftFile;
  /** No text generation: pooled embeddings only (the GGUF declares a pooling type). */
  embeddingOnly: boolean;
  /** The weights have a ranking head, which takes the place of a pooled embedding. */
  ranks: boolean;
  /** Context length that the model was trained with. */
  trainedContext: number;
  /** Slots; absent: the server's setting. */
  parallel?: number;
  options: LoadOptions;
}

/** A draft model's GGUF. */
interface DraftFile {
  path: string;
  bytes: number;
  /** As the model's `shape`. */
  shape?: ModelShape;
}

/** A projector's GGUF. */
interface ProjectorFile {
  path: string;
  bytes: number;
  /** Path of the weights that contain the encoder; the projector's file is made from them when it does not exist. */
  from?: string;
}

/** A token of the vocabulary with a meaning of its own. */
interface SpecialToken {
  id: number;
  text: string;
}

/** The tokens that mark the text before a gap, the text after it, and the text that fills it. */
export interface FimTokens {
  prefix: SpecialToken;
  suffix: SpecialToken;
  middle: SpecialToken;
}

/** A token, or a text with `{query}` or `{document}` as a placeholder; each text is tokenised by itself, control tokens not parsed. */
export type PairPart = number | string;

/** How a model tells how relevant a document is to a query. */
export interface Ranking {
  /** How query and document are put together. `{document}` occurs once. */
  pair: PairPart[];
  /** The meaning of the first output of its head. */
  scores: "logit" | "probability";
}

/** Facts of a loaded model. */
export interface LoadedInfo {
  /** Tokens that one slot holds: the effective context length. */
  contextLength: number;
  parallel: number;
  embeddingLength: number;
  vocabSize: number;
  /** Bytes of the longest token's text. */
  longestToken: number;
  /** Text of the beginning- and end-of-sequence tokens, "" when the vocabulary has none. */
  bosToken: string;
  eosToken: string;
  addsBos: boolean;
  addsEos: boolean;
  /** Undefined: the model has not learned to fill in the middle. */
  fim?: FimTokens;
  /** Undefined: the model does not rank. */
  ranking?: Ranking;
  canShift: boolean;
  /** How the model is computed, for the log. */
  engine?: LoadedEngine;
  /** When the load ended, milliseconds since the epoch; undefined where it was not recorded. */
  loadedAt?: number;
  /** The kinds of files that its projector takes; absent for a model without one, and where libmtmd is missing. */
  senses?: { sees: boolean; hears: boolean };
  /** Bytes that the runner occupies in all, and the part of them that is on a GPU. */
  sizeBytes: number;
  sizeVramBytes: number;
}

/** Cached prompts on the disk. Where a file is missing, the runner evaluates the prompt again. */
export interface PromptFiles {
  /** Bytes of each model's files; a model is named by the digest of its weights. */
  list(): Promise<{ weights: Digest; bytes: number }[]>;
  /** Removes all of them. */
  clear(): Promise<void>;
}

/** Bytes of prompts that no slot holds. */
export interface CacheUse {
  memoryBytes: number;
  diskBytes: number;
}

export interface ResidentModel {
  spec: LoadSpec;
  state: "loading" | "ready" | "unloading";
  /** Undefined while loading. */
  info?: LoadedInfo;
  /** The step that makes this load take longer than usual, such as building libmtmd; only while loading. */
  step?: string;
  /** Milliseconds since the epoch; `Infinity` when pinned. */
  expiresAt: number;
  /** Bytes that its runner occupies; estimated until it is ready. */
  memoryBytes: number;
  /** Requests that have a slot. */
  active: number;
  /** Requests that wait for it. */
  waiting: number;
  /** The memory that its prompts take outside of slots; absent until the runner has reported it. */
  cache?: CacheUse;
}

/** A request that waits for its model or for a slot. */
export interface WaitingRequest {
  /** Shortest display name of the model. */
  model: string;
  caller: string;
  /** It waits behind interactive requests. */
  batch: boolean;
  waitingMs: number;
  /** `room`: the model is not loaded, or loaded with other options, and another runner has to end first. */
  waitsFor: "slot" | "load" | "room";
}

export interface AcquireOptions extends Requester {
  /** Replaces the model's keep-alive and persists. Undefined: leave it as it is. */
  keepAlive?: KeepAlive;
  /** Many inputs at once, without a person who waits for them: interactive requests go before it, also between its inputs. */
  batch?: boolean;
}

export interface GenerateTask {
  /** Already cut to the context. */
  prompt: PromptPiece[];
  sampling: SamplingOptions;
  /** GBNF, root rule `root`. */
  grammar?: string;
  /** Added to the scores of tokens before anything else is done with them. */
  logitBias?: [token: number, bias: number][];
  /** Undefined: none; a number: that many alternatives. */
  logprobs?: number;
  /** Shift the context when it is full; otherwise the answer ends with `length`. */
  shift: boolean;
  /** No person waits for the answer: other answers of the runner go first. Default false. */
  batch?: boolean;
  /** Id of the request, as logs have it. */
  requestId?: string;
  /** Names the owner of the prompt: nothing that is cached under another salt serves it. Default "". */
  salt?: string;
  /** Tokens whose text is kept although the vocabulary calls them control tokens (tool-call and thinking tags). */
  preservedTokens?: string[];
}

export interface DecideTask {
  /** The input that all questions are about; it is evaluated once. */
  prompt: PromptPiece[];
  questions: WeighedQuestion[];
  /** As in {@link GenerateTask}. */
  salt?: string;
}

export type EngineEvent =
  /** Whole UTF-8 characters, no part of a stop string. */
  | { type: "text"; text: string; logprobs?: TokenLogprob[] }
  | { type: "done"; reason: Extract<DoneReason, "stop" | "length">; result: GenerateResult };

/** Tokens of an answer that were guessed and then evaluated together, how many of the guesses were right, and what guessed. */
export interface Speculated {
  drafted: number;
  accepted: number;
  kind: GuessKind;
}

/** Counts and times of one answer, and what it was made of. */
export interface GenerateResult {
  promptTokens: number;
  cachedTokens: number;
  /** Undefined where the engine does not say. */
  cache?: CacheReport;
  /** Absent: no token was guessed. */
  speculation?: Speculated;
  batch?: BatchCounts;
  generatedTokens: number;
  /** Nanoseconds. */
  promptDuration: number;
  generateDuration: number;
  /** Generated tokens, the end-of-generation token left out. */
  tokens: number[];
  /** The stop string that ended the answer; absent when something else did. */
  stopString?: string;
}

/** A file that a model is to see or hear. */
export interface Picture {
  /** Names the file, and where it matters its caller: what the runner keeps of the file is found by this. */
  hash: string;
  bytes: Uint8Array;
  /** A picture with more pixels is refused. */
  mostPixels: number;
}

/** The right to use a loaded model's vocabulary. Disposing it starts the keep-alive timer once nobody else uses the model. */
export interface TokenizerLease extends AsyncDisposable {
  readonly info: LoadedInfo;
  /** Nanoseconds from asking to having it, queueing and loading included. */
  readonly loadDuration: number;
  tokenize(text: string, options: { addSpecial: boolean; parseSpecial: boolean }): Promise<number[]>;
  detokenize(tokens: number[]): Promise<string>;
  /** The bytes of each token, which may be a part of a character; together they are the text. */
  pieces(tokens: number[]): Promise<Uint8Array[]>;
  /**
   * The pieces of a prompt that stand for a picture or a sound. The engine keeps the file until the lease is given back.
   * @throws AppError `bad_request` for what cannot be decoded, with the reason; `unsupported` where libmtmd or sharp is missing.
   */
  look(picture: Picture, signal: AbortSignal): Promise<PromptPiece[]>;
}

/** The vectors of texts and how many tokens each text has; or the tokens themselves, where the texts were not embedded. */
export type EmbeddedTexts = { vectors: Float32Array[]; lengths: number[] } | { tokens: number[][] };

/** The right to use one slot of a loaded model. */
export interface Lease extends TokenizerLease {
  /** Sum of the batch counts in the runner's replies to this lease. Those of `generate` are not in it: its `done` event has them. */
  readonly batch?: BatchCounts | undefined;
  /** Ends with one `done`; throws AppError (`engine`, `cancelled`, `bad_request`). Leaving the loop cancels. */
  generate(task: GenerateTask, signal: AbortSignal): AsyncIterable<EngineEvent>;
  /**
   * Weighs answers to questions about one prompt. Each question is evaluated by itself, so that its result depends on no other.
   * @throws AppError `engine`, `cancelled`, `bad_request`.
   */
  decide(task: DecideTask, signal: AbortSignal): Promise<Weighed>;
  /** Embeds a few short texts; where one of them has no tokens or more than `most`, it only returns the tokens of all. */
  embedTexts(texts: string[], most: number, signal: AbortSignal): Promise<EmbeddedTexts>;
  /**
   * One pooled vector an input (not normalised), in order: the outputs of the head where a model ranks. Each input must fit the context.
   */
  embed(inputs: number[][], signal: AbortSignal): Promise<Float32Array[]>;
  /** As `embed`, of inputs with pictures that {@link look} has returned. @throws AppError `bad_request` where the model can embed none. */
  embedPieces(inputs: PromptPiece[][], signal: AbortSignal): Promise<Float32Array[]>;
}

/** All that the rest of llamero may ask of inference. The scheduler implements it, and so does the fake in `test/support`. */
export interface Engine extends AsyncDisposable {
  /** Loads the model if need be, waits for a free slot, and hands it out. */
  acquire(spec: LoadSpec, options: AcquireOptions): Promise<Lease>;
  /** Loads the model if need be, with whatever options it is loaded already, and hands out its vocabulary without waiting for a slot. */
  acquireTokenizer(spec: LoadSpec, options: AcquireOptions): Promise<TokenizerLease>;
  /** Marks every runner of these weights expired: gone as soon as idle. False when none was loaded. */
  unload(weightsDigest: Digest): boolean;
  resident(): ResidentModel[];
  /** The requests that wait, in the order in which they will be served as things stand. */
  queue(): WaitingRequest[];
  /** Loads, unloads and crashes since the server was started. */
  totals(): EngineTotals;
}
