import type { KeepAlive } from "../lib/duration.ts";
import type { Notice } from "./generate.ts";
import type { Message } from "./message.ts";
import type { RunOptions } from "./option-table.ts";

/** A text with images in it, or nothing but images. */
export interface PicturedInput extends Pick<Message, "content" | "imagePlaces"> {
  images: string[];
}

/** A text, or the tokens of one, which go to the model verbatim. Its images get one vector together with the text. */
export type EmbedInput = string | number[] | PicturedInput;

export const isPictured = (input: EmbedInput): input is PicturedInput =>
  typeof input === "object" && !Array.isArray(input);

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
  /** Notices for the client, e.g. that inputs were cut. */
  notices: Notice[];
}
