/** The native API's JSON, field for field (spec: api-native). Durations are nanoseconds, times RFC 3339. */

export type ThinkValue = boolean | "low" | "medium" | "high" | "max";
export type KeepAliveValue = string | number;

export interface ToolCall {
  id?: string;
  function: { index?: number; name: string; arguments: Record<string, unknown> };
}

export interface ChatMessage {
  role: string;
  content: string;
  thinking?: string;
  /** Base64 without a data-URI prefix. */
  images?: string[];
  tool_calls?: ToolCall[];
  tool_name?: string;
  tool_call_id?: string;
}

/** What generate and chat requests share. */
export interface AnswerRequest {
  model: string;
  /** `"json"` or a JSON Schema. */
  format?: unknown;
  think?: ThinkValue;
  keep_alive?: KeepAliveValue;
  options?: Record<string, unknown>;
  truncate?: boolean;
  shift?: boolean;
  logprobs?: boolean;
  top_logprobs?: number;
}

export interface GenerateRequest extends AnswerRequest {
  prompt?: string;
  suffix?: string;
  system?: string;
  template?: string;
  context?: number[];
  raw?: boolean;
  images?: string[];
}

export interface ChatRequest extends AnswerRequest {
  messages: ChatMessage[];
  tools?: Record<string, unknown>[];
}

/** Counts and times, in the last chunk only; a zero is left out. */
export interface AnswerMetrics {
  total_duration?: number;
  load_duration?: number;
  prompt_eval_count?: number;
  prompt_eval_duration?: number;
  eval_count?: number;
  eval_duration?: number;
}

export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes?: number[];
  top_logprobs?: { token: string; logprob: number; bytes?: number[] }[];
}

export interface AnswerChunk extends AnswerMetrics {
  model: string;
  created_at: string;
  done: boolean;
  done_reason?: string;
  logprobs?: TokenLogprob[];
}

export interface GenerateResponse extends AnswerChunk {
  response: string;
  thinking?: string;
  context?: number[];
  tool_calls?: ToolCall[];
}

export interface ChatResponse extends AnswerChunk {
  message: ChatMessage;
}

export interface EmbedRequest {
  model: string;
  input: string | string[];
  truncate?: boolean;
  dimensions?: number;
  keep_alive?: KeepAliveValue;
  options?: Record<string, unknown>;
}

export interface EmbedResponse {
  model: string;
  embeddings: number[][];
  total_duration?: number;
  load_duration?: number;
  prompt_eval_count?: number;
}

export interface EmbeddingsRequest {
  model: string;
  prompt: string;
  keep_alive?: KeepAliveValue;
  options?: Record<string, unknown>;
}

export interface CreateRequest {
  model: string;
  from?: string;
  files?: Record<string, string>;
  adapters?: Record<string, string>;
  draft_files?: Record<string, string>;
  template?: string;
  system?: string;
  license?: string | string[];
  parameters?: Record<string, unknown>;
  messages?: ChatMessage[];
  renderer?: string;
  parser?: string;
  requires?: string;
  quantize?: string;
  draft_quantize?: string;
}

/** One line of progress of create, pull or push. */
export interface ProgressResponse {
  status: string;
  digest?: string;
  total?: number;
  completed?: number;
}

export interface ModelDetails {
  parent_model?: string;
  format: string;
  family: string;
  families: string[] | null;
  parameter_size: string;
  quantization_level: string;
  context_length?: number;
  embedding_length?: number;
}

export interface ListedModel {
  name: string;
  model: string;
  modified_at: string;
  size: number;
  digest: string;
  details: ModelDetails;
  capabilities?: string[];
  remote_model?: string;
  remote_host?: string;
}

export interface RunningModel {
  name: string;
  model: string;
  size: number;
  digest: string;
  details: ModelDetails;
  expires_at: string;
  size_vram: number;
  context_length: number;
}

export interface ShowRequest {
  model: string;
  verbose?: boolean;
  system?: string;
  options?: Record<string, unknown>;
}

export interface ShowResponse {
  license?: string;
  modelfile?: string;
  parameters?: string;
  template?: string;
  system?: string;
  details: ModelDetails;
  messages?: ChatMessage[];
  model_info?: Record<string, unknown>;
  projector_info?: Record<string, unknown>;
  tensors?: { name: string; type: string; shape: number[] }[];
  capabilities?: string[];
  modified_at?: string;
  requires?: string;
  remote_model?: string;
  remote_host?: string;
}
