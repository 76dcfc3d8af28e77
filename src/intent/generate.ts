import type { KeepAlive } from "../lib/duration.ts";
import type { CacheDiagnosis, CacheReport, DiagnosisRequest } from "./cache.ts";
import type { Message, ToolCall, ToolDefinition } from "./message.ts";
import type { RunOptions } from "./option-table.ts";

/** `format`: off, any JSON object, or a JSON Schema. */
export type OutputFormat = { type: "json" } | { type: "schema"; schema: Record<string, unknown> | boolean };

export type Think = boolean | "low" | "medium" | "high" | "max";

/** Whether the model may call tools, must call one, or must call the named one. */
export type ToolChoice = "none" | "auto" | "required" | { name: string };

export interface ChatInput {
  type: "chat";
  messages: Message[];
  tools: ToolDefinition[];
  /** Undefined: `auto`. */
  toolChoice?: ToolChoice;
  /** False: the answer has one call at most. Default true. */
  severalCalls?: boolean;
}

export interface CompletionInput {
  type: "completion";
  prompt: string;
  /** The prompt as tokens, which go to the model verbatim; `prompt` is empty then. */
  tokens?: number[];
  suffix?: string;
  system?: string;
  template?: string;
  /** Tokens of an earlier answer, put in front of the prompt. */
  context?: number[];
  /** The prompt goes to the model verbatim. */
  raw: boolean;
  images: string[];
}

/** A request for text, in whichever dialect it came. */
export interface GenerateIntent {
  /** The model reference as the client wrote it. */
  model: string;
  input: ChatInput | CompletionInput;
  options: RunOptions;
  /** Added to the scores of these tokens before sampling. */
  logitBias?: [token: number, bias: number][];
  /** Which of several answers to one prompt this is, from 0. Moves a fixed seed on, so that the answers differ. */
  choice?: number;
  format?: OutputFormat;
  think?: Think;
  /** A model that cannot think answers without thinking, and the client gets a notice. Default false: the request is refused. */
  thinkIfAble?: boolean;
  /** Undefined: none. A number: log-probabilities, with that many alternatives (0 to 20) for each token. */
  logprobs?: number;
  /** May the prompt be shortened to fit the context? Default true. */
  truncate: boolean;
  /** May the context shift when it is full? Undefined: the model's default. */
  shift?: boolean;
  keepAlive?: KeepAlive;
  /** Whether to tell at the end why the prompt came from the cache as far as it did. Undefined: no. */
  diagnosis?: DiagnosisRequest;
  /** Answer with the rendered prompt and generate nothing. */
  debugRenderOnly: boolean;
}

export interface TokenLogprob {
  token: string;
  /** Natural logarithm of the probability, from the model's own distribution before any sampling option. */
  logprob: number;
  /** The token's bytes; `token` alone cannot carry half a character. */
  bytes: number[];
  top?: { token: string; logprob: number; bytes: number[] }[];
}

/** Exact counts and times of one answer. Durations are nanoseconds. */
export interface Usage {
  totalDuration: number;
  /** Waiting for the model, queueing included. */
  loadDuration: number;
  /** Prompt tokens, cached ones included. */
  promptTokens: number;
  /** How many of the prompt tokens were already in the KV cache. */
  cachedTokens: number;
  /** Where the cached tokens came from, and why there are no more; absent where the engine does not say. */
  cache?: CacheReport;
  /** Only where the request asks for it. `not_found`: the answer that the request compares with is not known. */
  diagnosis?: CacheDiagnosis | "not_found";
  promptDuration: number;
  generatedTokens: number;
  /** How many of the generated tokens were thinking, by tokenising its text again; absent when there was none. */
  thinkingTokens?: number;
  generateDuration: number;
  /** Tokens that were guessed, how many of the guesses were right, and what guessed them; absent when nothing was guessed. */
  speculation?: { drafted: number; accepted: number; kind: GuessKind };
}

/** The source of the guessed tokens of an answer: the text before, a draft model, or now one and now the other. */
export type GuessKind = "lookup" | "model" | "both";

export type DoneReason = "stop" | "length" | "load" | "unload";

/** The events of an answer, in order: any number of the first three, then one `done`. A failure is thrown as AppError. */
export type GenerateEvent =
  /** `warning`: the text looked like a tool call, and why it is none. */
  | { type: "text"; text: string; logprobs?: TokenLogprob[]; warning?: string }
  | { type: "thinking"; text: string; logprobs?: TokenLogprob[] }
  /** The call has an id. */
  | { type: "tool_call"; call: ToolCall; logprobs?: TokenLogprob[] }
  | {
      type: "done";
      reason: DoneReason;
      usage: Usage;
      /** With reason `stop`: the stop string that ended the answer, if one did. */
      stopString?: string;
      context?: number[];
      rendered?: RenderedPrompt;
    };

/** The prompt as the model gets it. */
export interface RenderedPrompt {
  text: string;
  tokens: number;
  images: number;
}

/**
 * Something the client ought to know although the request was honoured; becomes a `Warning` header. The name of text that was `left_out`
 * for the client's own good has a header of its own, so that agents which send it with every request are not warned each time.
 */
export interface Notice {
  code: "truncated" | "ignored_option" | "ignored_field" | "left_out";
  message: string;
}
