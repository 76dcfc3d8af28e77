import type { Message } from "../intent/message.ts";
import type { ModelShape } from "../intent/model-shape.ts";
import type { Digest } from "../lib/digest.ts";
import type { ModelName } from "./name.ts";
import type { ModelSettings } from "./settings.ts";

export type Capability =
  | "completion"
  | "tools"
  | "insert"
  | "vision"
  | "embedding"
  | "rerank"
  | "thinking"
  | "image"
  | "audio";

/** The `details` of `/api/tags`, `/api/ps` and `/api/show`. */
export interface ModelDetails {
  parentModel: string;
  format: string;
  family: string;
  families: string[] | null;
  /** e.g. `134.52M` */
  parameterSize: string;
  /** e.g. `Q4_1` */
  quantizationLevel: string;
  contextLength?: number;
  embeddingLength?: number;
}

/** A model ready to be run: where its parts are and what it says about itself. Read from SQLite; opens no GGUF. */
export interface ResolvedModel {
  name: ModelName;
  /** `host/namespace/model:tag` */
  fullName: string;
  /** The name as users see it, e.g. `smollm2:latest`. */
  shortName: string;
  /** SHA-256 of the manifest, hex. */
  manifestDigest: string;
  weights: { digest: Digest; path: string; bytes: number };
  adapters: { digest: Digest; path: string; bytes: number }[];
  /** Facts of the weights' header about the memory that the model needs. */
  shape?: ModelShape;
  /** The GGUF that lets the model see or hear: a layer of its own, or made of the weights (`from`) when it is first needed. */
  projector?: { path: string; bytes: number; from?: string };
  /** A smaller model of the same vocabulary that guesses the next tokens. */
  draft?: { path: string; bytes: number; shape?: ModelShape };
  details: ModelDetails;
  /** GGUF `general.architecture`. */
  architecture: string;
  /** GGUF `<arch>.context_length`; 0 when the file does not say. */
  trainedContext: number;
  /** The GGUF declares `<arch>.pooling_type` or has a ranking head: its output is pooled, it does not generate. */
  embeddingOnly: boolean;
  /** The GGUF has a ranking head: it tells how relevant a document is to a query, and does not embed. */
  ranks: boolean;
  capabilities: Capability[];
  /** Senses that the model has, and that libmtmd is missing for on this machine. */
  missingSenses: Capability[];
  /** GGUF `tokenizer.chat_template` (Jinja). */
  chatTemplate?: string;
  /** TEMPLATE of the Modelfile (Go template), when prompts are rendered with it. */
  template?: string;
  /** Name of the renderer that writes the prompts instead of a template, as the config has it; this version may not know it. */
  renderer?: string;
  /** Name of the parser that reads the answers, likewise. */
  parser?: string;
  system?: string;
  /** Settings that a user has made for the model on this machine. */
  settings: ModelSettings;
  /** PARAMETERs as stored, e.g. `{temperature: 0.3, stop: ["a"]}`. */
  parameters: Record<string, unknown>;
  messages: Message[];
}

export interface ModelSummary {
  shortName: string;
  manifestDigest: string;
  /** Bytes of all layers and the config. */
  size: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  details: ModelDetails;
  capabilities: Capability[];
}

export interface TensorInfo {
  name: string;
  /** GGML type name, e.g. `Q4_1`. */
  type: string;
  /** Innermost dimension first, as stored. */
  shape: number[];
}

export interface ModelReport {
  license: string;
  modelfile: string;
  parameters: string;
  template: string;
  system: string;
  renderer?: string | undefined;
  parser?: string | undefined;
  details: ModelDetails;
  messages: Message[];
  modelInfo: Record<string, unknown>;
  projectorInfo?: Record<string, unknown>;
  tensors: TensorInfo[];
  capabilities: Capability[];
  modifiedAt: number;
  requires?: string;
}

/** `/api/create` after its door has checked the wire types. */
export interface ModelCreation {
  name: ModelName;
  /** Another model's reference, or undefined when `files` is used. */
  from?: string;
  files?: Record<string, Digest>;
  adapters?: Record<string, Digest>;
  template?: string;
  system?: string;
  license?: string[];
  parameters?: Record<string, unknown>;
  messages?: Message[];
  requires?: string;
  /** Names of the renderer that writes the prompts and of the parser that reads the answers, in place of templates. */
  renderer?: string;
  parser?: string;
  /** Type to quantize the weights to, as the client spells it, e.g. `q4_K_M`. */
  quantize?: string;
  /** The draft model, which guesses the next tokens: another model's reference, or else files. */
  draft?: string;
  draftFiles?: Record<string, Digest>;
  /** As `quantize`, for the draft. */
  draftQuantize?: string;
  /** Names a host of Ollama's cloud; such a request is refused. */
  remoteHost?: string;
}

/** One line of progress: a text, or a text with bytes done of bytes in all. */
export interface CreateStatus {
  status: string;
  digest?: string;
  total?: number;
  completed?: number;
}

export interface StoreImport {
  /** Absolute path of an Ollama store: the directory that has `manifests` and `blobs` in it. */
  path: string;
  /** Do not hash blobs that the server's user owns and that are shared by a link. All others are hashed in any case. */
  trust: boolean;
}

/** `importing`: a blob that is being hashed or copied. Then one line for each model, and `done` at the end. */
export type ImportStatus =
  | { status: "importing"; model: string; digest: Digest; completed: number; total: number }
  | { status: "imported" | "already there"; model: string }
  | { status: "skipped"; model: string; reason: string }
  | { status: "done"; imported: number; already_there: number; skipped: number };

export interface VerifyOptions {
  /** First make the books anew from manifests and blobs where they lack something, and read every model's files again. */
  rebuild: boolean;
}

/**
 * `restored` and `skipped`: a model that was made anew from its manifest, or could not be. `verifying`: a blob that is being hashed.
 * Then one line for each blob, and `done` at the end.
 */
export type VerifyStatus =
  | { status: "restored"; model: string }
  | { status: "skipped"; model: string; reason: string }
  | { status: "verifying"; digest: Digest; completed: number; total: number }
  | { status: "verified"; digest: Digest; size: number }
  /** `models`: the models that need the blob, and do not run without it. `quarantined`: its file was moved. */
  | { status: "bad"; digest: Digest; reason: string; models: string[]; quarantined: boolean }
  | { status: "done"; verified: number; bad: number };

/** The books of installed models. Every failure is an AppError whose message is Ollama's where the spec has one. */
export interface Catalog {
  /** The model with that name, parts matched case-insensitively; undefined when there is none. */
  resolve(name: ModelName): ResolvedModel | undefined;
  /** Newest first; the same list until something has changed. */
  list(): readonly ModelSummary[];
  /** `system` and `parameters` of the request show up in the reply only. Undefined when there is no such model. */
  show(name: ModelName, overrides: ShowOverrides): Promise<ModelReport | undefined>;
  /** False when `source` does not exist. */
  copy(source: ModelName, destination: ModelName): boolean;
  /** Changes a model's settings. @returns all of its settings; undefined when there is no such model. */
  configure(name: ModelName, change: ModelSettings): ModelSettings | undefined;
  /** Removes the tag, then blobs that nothing refers to. False when it does not exist. */
  remove(name: ModelName): Promise<boolean>;
  /** Yields progress, ends with `success`; a throw leaves nothing behind. */
  create(request: ModelCreation, signal: AbortSignal): AsyncIterable<CreateStatus>;
  /**
   * Takes over the models of an Ollama store, which stays as it is: blobs by hard link, or a clone or copy where that cannot be.
   * A model that cannot be imported is skipped with the reason, and so is one whose name is taken by another model: nothing is
   * overwritten. Throws AppError 400 when there is no store.
   */
  importStore(request: StoreImport, signal: AbortSignal): AsyncIterable<ImportStatus>;
  /** Hashes every blob; a bad one is moved aside, and its models are not found until they are made again. */
  verify(options: VerifyOptions, signal: AbortSignal): AsyncIterable<VerifyStatus>;
  hasBlob(digest: Digest): boolean;
  /** Stores an upload under its digest; throws AppError when the content has another one, keeping nothing. */
  putBlob(digest: Digest, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists">;
}

export interface ShowOverrides {
  verbose: boolean;
  system?: string;
  parameters?: Record<string, unknown>;
}
