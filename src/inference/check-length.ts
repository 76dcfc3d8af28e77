import { AppError } from "../lib/errors.ts";

/** Most bytes of a text, and most tokens, that the runner is given at once: it decodes nothing in the second or two that they take. */
export const MOST_AT_ONCE = 1_048_576;

/** @param what names the text in the error. @throws AppError `too_large` for a text of more than {@link MOST_AT_ONCE} bytes. */
export function checkLength(text: string, what: string): void {
  if (Buffer.byteLength(text) <= MOST_AT_ONCE) return;
  throw new AppError("too_large", `${what} has more than ${MOST_AT_ONCE} bytes`);
}
