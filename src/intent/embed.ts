import type { KeepAlive } from "../lib/duration.ts";
import type { Notice } from "./generate.ts";
import type { RunOptions } from "./option-table.ts";

/** A text, or the tokens of one, which go to the model verbatim. */
export type EmbedInput = string | number[];

export interface EmbedIntent {
  model: string;
  inputs: EmbedInput[];
  /** Cut inputs that are too long. Default true; false refuses them. */
  truncate: boolean;
  /** 0: the model's own length. */
  dimensions: number;
  /** Scale every vector to length 1. */
  normalize: boolean;
  options: RunOptions;
  keepAlive?: KeepAlive;
}

export interface EmbedResult {
  /** In the order of `inputs`. */
  embeddings: Float32Array[];
  promptTokens: number;
  totalDuration: number;
  loadDuration: number;
  /** What the client ought to know, e.g. that inputs were cut. */
  notices: Notice[];
}
