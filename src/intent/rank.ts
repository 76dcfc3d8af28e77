import type { KeepAlive } from "../lib/duration.ts";
import type { Notice } from "./generate.ts";
import type { RunOptions } from "./option-table.ts";

export interface RankIntent {
  model: string;
  query: string;
  documents: string[];
  /** Most tokens of one document that are read; the rest of it does not count. Undefined: as many as fit. */
  documentTokens?: number;
  /** Cut documents that do not fit. Default true; false refuses them. */
  truncate: boolean;
  options: RunOptions;
  keepAlive?: KeepAlive;
}

export interface RankResult {
  /** How relevant each document is, 0 to 1, in the order of `documents`. */
  scores: number[];
  /** Tokens of all pairs of query and document. */
  promptTokens: number;
  totalDuration: number;
  loadDuration: number;
  /** Notices for the client, e.g. that documents were cut. */
  notices: Notice[];
}
