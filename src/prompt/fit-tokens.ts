import { AppError } from "../lib/errors.ts";

export interface TokenBudget {
  /** Tokens that one slot holds. */
  contextLength: number;
  /** Tokens kept at the front; negative: as many as there is room for. */
  numKeep: number;
  /** The first token is a BOS token, which is kept as well. */
  addsBos: boolean;
  /** The context may shift when it is full; then a prompt may lose its middle as well. */
  shift: boolean;
  /** The client allows the prompt to be shortened. */
  truncate: boolean;
}

const TOO_LONG =
  "the prompt is longer than the context length currently available to the model; " +
  "shorten the prompt, adjust the context length in settings, or use a model with a longer context length";

/** The refusal of a prompt that must not be cut (docs/behaviour: scheduler-and-env §2.2), with both numbers. */
export class PromptTooLong extends AppError {
  constructor(
    readonly tokens: number,
    readonly contextLength: number,
  ) {
    super(
      "bad_request",
      `${TOO_LONG} (the prompt has ${tokens} tokens, the context length is ${contextLength})`,
    );
  }
}

/**
 * Cuts a prompt to the context (docs/behaviour: scheduler-and-env §2.2): the first `numKeep` tokens stay, then as many of the last ones as
 * leave half of the rest free for the answer. Context 8, 4 kept, 14 tokens: the first 4 and the last 2.
 *
 * @returns the same array when it fits: with at least two places free for the answer, or one when `truncate` is off.
 * @throws AppError `bad_request` when it does not fit and must not be cut.
 */
export function fitTokens(tokens: number[], budget: TokenBudget): number[] {
  const { contextLength, numKeep, addsBos, shift, truncate } = budget;
  if (tokens.length < contextLength - 1) return tokens;
  if (!truncate && tokens.length < contextLength) return tokens;
  if (!truncate || !shift) throw new PromptTooLong(tokens.length, contextLength);
  const wanted = numKeep < 0 ? tokens.length : numKeep + (addsBos ? 1 : 0);
  const keep = Math.min(wanted, contextLength - 1);
  const total = contextLength - Math.max(Math.floor((contextLength - keep) / 2), 1);
  return [...tokens.slice(0, keep), ...tokens.slice(tokens.length - (total - keep))];
}
