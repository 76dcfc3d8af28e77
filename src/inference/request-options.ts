import { FewNamed } from "../intent/few-named.ts";
import type { Notice } from "../intent/generate.ts";
import type { RunOptions } from "../intent/option-table.ts";
import { requirePositiveContext } from "../intent/require-context.ts";
import { decodeKeepAlive } from "../lib/keep-alive.ts";
import { decodeOptions } from "./decode-options.ts";

/** A request in the inner language, and what of it is not honoured. */
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
  return { intent: options, notices };
}

/** `keep_alive` has been checked with the body. */
export function keepAliveOf(body: { keep_alive?: unknown }): { keepAlive?: number } {
  const keepAlive = decodeKeepAlive(body.keep_alive);
  return keepAlive === undefined ? {} : { keepAlive };
}
