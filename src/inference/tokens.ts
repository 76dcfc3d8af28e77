import type { Requester, TokenizerLease } from "../engine/port.ts";
import type { DetokenizeIntent, DetokenizeResult, TokenizeIntent, TokenizeResult } from "../intent/tokens.ts";
import { AppError } from "../lib/errors.ts";
import { planLoad } from "./acquire.ts";
import type { InferenceDeps } from "./deps.ts";
import { checkTextLength, checkTokens, MOST_AT_ONCE } from "./limits.ts";

function acquireVocabulary(
  intent: TokenizeIntent | DetokenizeIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<TokenizerLease> {
  const { model, spec, acquire } = planLoad(intent, deps, requester);
  requester.works?.("tokens", model.shortName);
  return deps.engine.acquireTokenizer(spec, acquire);
}

/**
 * The tokens of a text, by the model's own vocabulary. The model is loaded if need be; answers under way keep their slots.
 *
 * @throws AppError, `too_large` for a text of more than {@link MOST_AT_ONCE} bytes.
 */
export async function answerTokenize(
  intent: TokenizeIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<TokenizeResult> {
  const start = deps.clock.nanos();
  const { text, addSpecial, parseSpecial, withPieces } = intent;
  checkTextLength(text, "the text");
  await using lease = await acquireVocabulary(intent, deps, requester);
  const tokens = await lease.tokenize(text, { addSpecial, parseSpecial });
  return {
    tokens,
    ...(withPieces && { pieces: await lease.pieces(tokens) }),
    totalDuration: deps.clock.nanos() - start,
    loadDuration: lease.loadDuration,
  };
}

/**
 * The text of tokens, control tokens included. Bytes that are no characters become U+FFFD.
 *
 * @throws AppError, `bad_request` for what is no token of the model, `too_large` for more than {@link MOST_AT_ONCE} tokens.
 */
export async function answerDetokenize(
  intent: DetokenizeIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<DetokenizeResult> {
  const start = deps.clock.nanos();
  if (intent.tokens.length > MOST_AT_ONCE) {
    throw new AppError("too_large", `there are more than ${MOST_AT_ONCE} tokens`);
  }
  await using lease = await acquireVocabulary(intent, deps, requester);
  const text = await lease.detokenize(checkTokens(intent.tokens, "tokens", lease.info));
  return { text, totalDuration: deps.clock.nanos() - start, loadDuration: lease.loadDuration };
}
