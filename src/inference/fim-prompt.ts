import type { FimTokens, Lease } from "../engine/port.ts";
import type { CompletionInput, RenderedPrompt } from "../intent/generate.ts";
import { fitGap } from "../prompt/fim.ts";
import { PromptTooLong } from "../prompt/fit-tokens.ts";
import { endsOf, FREE_TOKENS } from "./limits.ts";

export interface FimPrompt {
  tokens: number[];
  rendered: RenderedPrompt;
  /** Tokens before anything was cut. */
  whole: number;
}

/**
 * A prompt to fill in the middle: the model's token for each part, with the part behind it. The texts are only text: a name of a
 * control token in somebody's source code is not that token.
 *
 * One that does not fit loses what is far from the gap, until half of the context is free for the answer.
 *
 * @param context tokens that go in front.
 * @throws AppError `bad_request` when it does not fit and must not be cut, or when there is no room for it at all.
 */
export async function fimPrompt(
  { prompt, suffix = "" }: CompletionInput,
  { prefix: before, suffix: after, middle }: FimTokens,
  context: number[],
  truncate: boolean,
  lease: Lease,
): Promise<FimPrompt> {
  const { contextLength, addsBos } = lease.info;
  const plain = { addSpecial: false, parseSpecial: false };
  // Text that is far from the gap goes first, so text that cannot be in the context is not tokenised at all.
  const endsBefore = endsOf(prompt, contextLength, lease.info);
  const nearGap = {
    prefix: endsBefore.tail ?? endsBefore.head,
    suffix: endsOf(suffix, contextLength, lease.info).head,
  };
  const whole = {
    prefix: await lease.tokenize(nearGap.prefix, plain),
    suffix: await lease.tokenize(nearGap.suffix, plain),
  };
  const wantsBos = addsBos && context.length === 0;
  const bos = wantsBos ? (await lease.tokenize("", { ...plain, addSpecial: true })).slice(0, 1) : [];
  const start = [...context, ...bos];
  const fixed = start.length + [before, after, middle].length;
  const length = fixed + whole.prefix.length + whole.suffix.length;
  const fits = length <= contextLength - FREE_TOKENS;
  const room = (fits ? contextLength - FREE_TOKENS : Math.floor(contextLength / 2)) - fixed;
  if ((!fits && !truncate) || room < 0) throw new PromptTooLong(length, contextLength);
  const gap = fitGap(whole, room);
  const tokens = [...start, before.id, ...gap.prefix, after.id, ...gap.suffix, middle.id];
  const text = `${await lease.detokenize(context)}${before.text}${prompt}${after.text}${suffix}${middle.text}`;
  return { tokens, rendered: { text, tokens: tokens.length, images: 0 }, whole: length };
}
