import type { TokenLogprob } from "../../intent/generate.ts";
import type { CompletionLogprobs } from "./schema/reply.ts";

/** Several tokens may have the same text, as parts of characters do; the likelier one counts, and it comes first. */
const topOf = ({ top = [] }: TokenLogprob): Record<string, number> =>
  Object.fromEntries(top.toReversed().map(({ token, logprob }) => [token, logprob]));

/**
 * The older form of log-probabilities: lists side by side.
 *
 * @param offset characters of the answer before the first token.
 */
export function completionLogprobs(logprobs: readonly TokenLogprob[], offset: number): CompletionLogprobs {
  const offsets: number[] = [];
  let at = offset;
  for (const { token } of logprobs) {
    offsets.push(at);
    at += token.length;
  }
  return {
    tokens: logprobs.map(({ token }) => token),
    token_logprobs: logprobs.map(({ logprob }) => logprob),
    top_logprobs: logprobs.map(topOf),
    text_offset: offsets,
  };
}

/** Characters of the answer that these tokens stand for. */
export const textLength = (logprobs: readonly TokenLogprob[]): number =>
  logprobs.reduce((sum, { token }) => sum + token.length, 0);
