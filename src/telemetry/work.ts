import type { TokensUsed, WorkKind } from "../engine/port.ts";

/** What a request has put a model to, and what that took; the sum, where it has several answers. */
export interface Work extends Required<Omit<TokensUsed, "firstText">> {
  kind: WorkKind;
  /** Nanoseconds to the first text of the first answer; absent for none. */
  firstText?: number;
}

export const beginWork = (kind: WorkKind, model: string): Work => ({
  kind,
  model,
  promptTokens: 0,
  cachedTokens: 0,
  generatedTokens: 0,
  promptDuration: 0,
  generateDuration: 0,
});

export const addWork = (work: Work, used: TokensUsed): Work => {
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
    ...(Number.isFinite(first) && { firstText: first }),
  };
};
