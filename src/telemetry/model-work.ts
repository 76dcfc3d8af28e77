import type { BatchCounts, TokensUsed, WorkKind } from "../engine/port.ts";

/** The work that a model did for a request, with its tokens and times; the sum, where there are several answers. */
export interface ModelWork
  extends Required<Pick<TokensUsed, "model" | "promptTokens" | "cachedTokens" | "generatedTokens">> {
  /** Nanoseconds. */
  promptDuration: number;
  generateDuration: number;
  kind: WorkKind;
  /** Nanoseconds to the first text of the first answer; absent for none. */
  firstText?: number;
  /** Where the fronts of its prompts came from, and how many tokens each gave. */
  cached: { source: NonNullable<TokensUsed["cacheSource"]>; tokens: number }[];
  batches: BatchCounts[];
  /** Texts of prompts and answers, where they are wanted; else empty. */
  contents: { prompt: string; answer: string }[];
}

export const beginModelWork = (kind: WorkKind, model: string): ModelWork => ({
  kind,
  model,
  promptTokens: 0,
  cachedTokens: 0,
  generatedTokens: 0,
  promptDuration: 0,
  generateDuration: 0,
  cached: [],
  batches: [],
  contents: [],
});

export const addModelWork = (work: ModelWork, used: TokensUsed): ModelWork => {
  const first = Math.min(
    work.firstText ?? Number.POSITIVE_INFINITY,
    used.firstText ?? Number.POSITIVE_INFINITY,
  );
  return {
    kind: work.kind,
    model: work.model,
    promptTokens: work.promptTokens + used.promptTokens,
    cachedTokens: work.cachedTokens + used.cachedTokens,
    generatedTokens: work.generatedTokens + used.generatedTokens,
    promptDuration: work.promptDuration + (used.promptDuration ?? 0),
    generateDuration: work.generateDuration + (used.generateDuration ?? 0),
    cached: used.cacheSource
      ? [...work.cached, { source: used.cacheSource, tokens: used.cachedTokens }]
      : work.cached,
    contents: used.content ? [...work.contents, used.content] : work.contents,
    batches: used.batch ? [...work.batches, used.batch] : work.batches,
    ...(Number.isFinite(first) && { firstText: first }),
  };
};
