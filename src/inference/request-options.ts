import { FewNamed } from "../intent/few-named.ts";
import type { Notice } from "../intent/generate.ts";
import { isOption, OPTIONS, type OptionType, type RunOptions } from "../intent/option-table.ts";
import { requirePositiveContext } from "../intent/require-context.ts";
import { defined } from "../lib/defined.ts";
import { badRequest } from "../lib/errors.ts";
import { decodeKeepAlive } from "../lib/keep-alive.ts";

export interface DecodedOptions {
  options: RunOptions;
  /** Keys that no option has, in the order they came. */
  unknown: string[];
}

const isText = (value: unknown): value is string => typeof value === "string";

function decodeOption(key: string, type: OptionType, value: unknown): number | boolean | string[] {
  if (type === "array" && Array.isArray(value)) {
    if (value.every(isText)) return value;
    throw badRequest(`option "${key}" must be of an array of strings`);
  }
  if (type === "boolean" && typeof value === "boolean") return value;
  if (type === "float32" && typeof value === "number") return value;
  if (type === "integer" && typeof value === "number") return Math.trunc(value);
  throw badRequest(`option "${key}" must be of type ${type}`);
}

/**
 * Reads an `options` object, or a model's PARAMETERs (docs/behaviour: api-native §2). Numbers are cut to integers where the option is one,
 * null counts as absent, a key that no option has is returned for a warning.
 *
 * @throws AppError `bad_request` for a value of the wrong type. Ollama answers 500 with the same text.
 */
export function decodeOptions(raw: Record<string, unknown>): DecodedOptions {
  const options: Record<string, number | boolean | string[]> = {};
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (!isOption(key)) unknown.push(key);
    else if (value !== null && value !== undefined)
      options[key] = decodeOption(key, OPTIONS[key].type, value);
  }
  // OPTIONS says of each key of RunOptions which type its value has been checked for.
  return { options: options as RunOptions, unknown };
}

/** A request in the inner language, and a notice of everything in it that is ignored or changed. */
export interface Translated<T> {
  intent: T;
  notices: Notice[];
}

/** Most alternatives that a request may ask for with every token. */
export const MAX_TOP_LOGPROBS = 20;

const ignoredOption = (option: string): Notice => ({
  code: "ignored_option",
  message: `option ${option} ignored: unknown option`,
});

/** The `options` of a request in the inner language; those that nothing honours become notices. @throws AppError `bad_request`. */
export function optionsOf(raw: Record<string, unknown> = {}): Translated<RunOptions> {
  const { options, unknown } = decodeOptions(raw);
  requirePositiveContext(options.num_ctx);
  const found = new FewNamed();
  for (const key of unknown) found.add(key);
  const notices = found.notices(
    (key) => ignoredOption(key),
    (count) => ({ code: "ignored_option", message: `${count} more unknown options ignored` }),
  );
  const { stop, ...others } = options;
  // Clients send an empty list when they mean none: the model's own stop strings stay (docs/behaviour: policy).
  return { intent: stop?.length === 0 ? others : options, notices };
}

/** `keep_alive` has been checked with the body. */
export function keepAliveOf(body: { keep_alive?: unknown }): { keepAlive?: number } {
  return defined({ keepAlive: decodeKeepAlive(body.keep_alive) });
}
