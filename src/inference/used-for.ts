import type { Lease, TokensUsed } from "../engine/port.ts";
import type { ResolvedModel } from "../models/catalog.ts";

/** The usage to report for work that writes no text: the tokens of its prompts, none of them cached, and the batches that it took. */
export const usedFor = (
  { shortName }: Pick<ResolvedModel, "shortName">,
  promptTokens: number,
  { batch }: Pick<Lease, "batch">,
): TokensUsed => ({
  model: shortName,
  promptTokens,
  cachedTokens: 0,
  generatedTokens: 0,
  ...(batch && { batch }),
});
