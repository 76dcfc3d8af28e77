import type { LoadedInfo } from "../engine/port.ts";
import { AppError, badRequest } from "../lib/errors.ts";

/** Places of the context that a prompt leaves free for the answer when nothing has to be cut. */
export const FREE_TOKENS = 2;

/** Most bytes of a text, and most tokens, that the runner is given at once: it decodes nothing in the second or two that they take. */
export const MOST_AT_ONCE = 1_048_576;

/** @param what names the text in the error. @throws AppError `too_large` for a text of more than {@link MOST_AT_ONCE} bytes. */
export function checkTextLength(text: string, what: string): void {
  if (Buffer.byteLength(text) <= MOST_AT_ONCE) return;
  throw new AppError("too_large", `${what} has more than ${MOST_AT_ONCE} bytes`);
}

/**
 * Tokens that a client sent, if the model has all of them.
 *
 * @param what names them in the error.
 * @throws AppError `bad_request` for what is no token.
 */
export function checkTokens(
  tokens: number[],
  what: string,
  { vocabSize }: Pick<LoadedInfo, "vocabSize">,
): number[] {
  const bad = tokens.find((token) => token < 0 || token >= vocabSize);
  if (bad !== undefined) throw badRequest(`${what} contains ${bad}, which is no token of this model`);
  return tokens;
}

/** Most inputs to embed, and documents to rank, of one request; OpenAI's number. */
export const MOST_INPUTS = 2048;

/** The ends of a text. */
export interface TextEnds {
  /** The whole text when there is no `tail`. */
  head: string;
  tail?: string;
}

/**
 * The parts of a text that can be in `limit` tokens, at its front and at its end: the rest would be cut out anyway, and is not tokenised.
 * Texts of no more than {@link MOST_AT_ONCE} characters stay whole, since some vocabularies take any number of blanks, or an unknown word,
 * for one token or none.
 */
export function endsOf(
  text: string,
  limit: number,
  { longestToken }: Pick<LoadedInfo, "longestToken">,
): TextEnds {
  const most = Math.max(MOST_AT_ONCE, limit * longestToken);
  if (text.length <= 2 * most) return { head: text };
  return { head: text.slice(0, most).toWellFormed(), tail: text.slice(-most).toWellFormed() };
}

/**
 * Most tokens of one input. A smaller `num_ctx` counts as the client wrote it, although no model is loaded with fewer
 * than 4: Ollama's clients use it to cut inputs.
 *
 * @param trained context length that the model was trained with; 0 when it does not say.
 */
export function inputLimit(numCtx: number | undefined, trained: number, info: LoadedInfo): number {
  return Math.min(numCtx ?? info.contextLength, info.contextLength, trained || info.contextLength);
}
