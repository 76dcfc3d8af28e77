import type { LoadedInfo } from "../engine/port.ts";
import { badRequest } from "../lib/errors.ts";

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
