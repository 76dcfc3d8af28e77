/** A call that a model made, or that a client replays in a history. `arguments` keeps its key order. */
export interface ToolCall {
  id?: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** One turn of a conversation, free of any dialect. Roles are lower-case; Ollama does not check them further. */
export interface Message {
  role: string;
  content: string;
  thinking?: string;
  /** Base64, as it came, or a URL. */
  images?: string[];
  /** Where each image goes in `content`, ascending; absent: where a placeholder is, else in front. */
  imagePlaces?: number[];
  toolCalls?: ToolCall[];
  /** For role `tool`: the tool that answered. */
  toolName?: string;
  toolCallId?: string;
}

/** A tool definition exactly as the client sent it (`{"type":"function","function":{…}}`), key order kept. */
export type ToolDefinition = Record<string, unknown>;
