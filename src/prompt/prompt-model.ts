import type { Message } from "../intent/message.ts";

/** Facts of a model that rendering needs: some of its record in the books, some of those that are known once it is loaded. */
export interface PromptModel {
  /** TEMPLATE of the Modelfile (Go template). */
  template?: string;
  /** GGUF `tokenizer.chat_template` (Jinja). */
  chatTemplate?: string;
  /** Name of the renderer that writes the prompts instead of any template (`renderers/`). */
  renderer?: string;
  /** SYSTEM of the Modelfile. */
  system?: string;
  /** MESSAGEs of the Modelfile. */
  messages: readonly Message[];
  /** Text of the beginning- and end-of-sequence tokens, "" when the vocabulary has none. */
  bosToken: string;
  eosToken: string;
  /** The tokenizer puts the BOS token in front by itself. */
  addsBos: boolean;
  /** GGUF architecture, e.g. `qwen3`. */
  family: string;
  /** The model's name as users see it, e.g. `deepseek-r1:7b`. */
  shortName: string;
}
