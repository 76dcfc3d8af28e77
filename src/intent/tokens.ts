import type { KeepAlive } from "../lib/duration.ts";
import type { RunOptions } from "./option-table.ts";

interface VocabularyIntent {
  model: string;
  /** Load options, for a model that is not loaded. */
  options: RunOptions;
  keepAlive?: KeepAlive;
}

/** A text to be made tokens. */
export interface TokenizeIntent extends VocabularyIntent {
  text: string;
  /** With the tokens that the model puts before or behind a text. */
  addSpecial: boolean;
  /** The text of a control token stands for that token. */
  parseSpecial: boolean;
  /** The reply has each token's bytes too. */
  withPieces: boolean;
}

export interface TokenizeResult {
  tokens: number[];
  /** The bytes of each token, a part of a character perhaps. Undefined unless asked for. */
  pieces?: Uint8Array[];
  /** Nanoseconds. */
  totalDuration: number;
  loadDuration: number;
}

/** Tokens to be made a text. */
export interface DetokenizeIntent extends VocabularyIntent {
  tokens: number[];
}

export interface DetokenizeResult {
  text: string;
  /** Nanoseconds. */
  totalDuration: number;
  loadDuration: number;
}
