import { badRequest } from "../lib/errors.ts";
import type { RunOptions } from "./options.ts";

/** JSON types of options, named as Ollama's error texts name them (spec: api-native §2). */
export type OptionType = "integer" | "float32" | "boolean" | "array";

export const OPTION_TYPES: { readonly [Key in keyof Required<RunOptions>]: OptionType } = {
  num_ctx: "integer",
  num_batch: "integer",
  num_gpu: "integer",
  main_gpu: "integer",
  use_mmap: "boolean",
  num_thread: "integer",
  draft_num_predict: "integer",
  num_keep: "integer",
  seed: "integer",
  num_predict: "integer",
  top_k: "integer",
  top_p: "float32",
  min_p: "float32",
  typical_p: "float32",
  repeat_last_n: "integer",
  temperature: "float32",
  repeat_penalty: "float32",
  presence_penalty: "float32",
  frequency_penalty: "float32",
  stop: "array",
};

/** Is `key` an option that llamero knows? */
export const isOption = (key: string): key is keyof RunOptions => Object.hasOwn(OPTION_TYPES, key);

/**
 * Refuses a context length that is none. A model that has one stored all the same, from a registry or an older version, is used as if
 * it had none.
 *
 * @throws AppError `bad_request`. Ollama takes 0 and negative numbers for other things, silently.
 */
export function requirePositiveContext(numCtx: unknown): void {
  if (typeof numCtx !== "number" || numCtx >= 1) return;
  throw badRequest(`option "num_ctx" must be at least 1, not ${numCtx}`);
}
