import type { Notice } from "../intent/generate.ts";
import {
  type LoadOptions,
  OPTION_NAMES,
  type OptionName,
  optionRow,
  type RunOptions,
  type SamplingOptions,
} from "../intent/option-table.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { decodeOptions } from "./request-options.ts";

/**
 * Of each option that has a name for loading (or for sampling), that name with the value that `of` gives; undefined values are left out.
 */
const placed = (place: "load" | "sampling", of: (name: OptionName) => unknown): Record<string, unknown> =>
  Object.fromEntries(
    OPTION_NAMES.flatMap((name) => {
      const to = optionRow(name)[place];
      const value = to === undefined ? undefined : of(name);
      return to === undefined || value === undefined ? [] : [[to, value]];
    }),
  );

/** Ollama's defaults (docs/behaviour: api-native §2). */
export const DEFAULT_SAMPLING = placed("sampling", (name) => optionRow(name).default) as SamplingOptions;

/** Fewest tokens that a context may have. */
const MIN_CONTEXT = 4;

export interface MergedOptions {
  /** The options that the model is loaded with; the engine decides absent ones. */
  load: LoadOptions;
  sampling: SamplingOptions;
}

function loadOptions({ num_ctx, ...others }: RunOptions): LoadOptions {
  const context = num_ctx !== undefined && num_ctx >= 1 ? { num_ctx: Math.max(MIN_CONTEXT, num_ctx) } : {};
  const all: RunOptions = { ...others, ...context };
  return placed("load", (name) => all[name]);
}

const samplingOptions = (options: RunOptions): SamplingOptions => ({
  ...DEFAULT_SAMPLING,
  ...placed("sampling", (name) => options[name]),
});

/** A model's options where a request names none: what is set for it on this machine, then its PARAMETERs. */
export const defaultOptions = ({ parameters, settings }: ResolvedModel): RunOptions => ({
  ...decodeOptions(parameters).options,
  ...(settings.num_ctx && { num_ctx: settings.num_ctx }),
});

/** Says so when a model is given less context than was asked for. @param trained 0: the model does not say. */
export function contextNotices(numCtx: number | undefined, trained: number): Notice[] {
  if (numCtx === undefined || trained <= 0 || numCtx <= trained) return [];
  const message = `num_ctx ${numCtx} cut to ${trained}, the context length that the model was trained with`;
  return [{ code: "ignored_option", message }];
}

/**
 * Decides every option of one request: built-in default, overridden by the model's PARAMETER, overridden by the request.
 *
 * A context of fewer than 4 tokens becomes 4; the engine clamps a long one to what the model was trained with.
 */
export function mergeOptions(parameters: RunOptions, request: RunOptions): MergedOptions {
  const merged = { ...parameters, ...request };
  return { load: loadOptions(merged), sampling: samplingOptions(merged) };
}
