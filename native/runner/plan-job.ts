import type { RunnerGenerate } from "../../src/engine/protocol.ts";
import { boundaries } from "./cache/boundaries.ts";
import { type MemoryKind, takesBack } from "./cache/memory-kind.ts";
import type { CellRow } from "./cell-row.ts";
import type { Job } from "./slot.ts";
import type { Means } from "./speculation/means.ts";
import { Speculation } from "./speculation/speculation.ts";

/**
 * Where evaluating a prompt pauses for a checkpoint. A sliding window has one only, since it is as large as many tokens.
 * @param reused cells that need no evaluation. @param isEnd see {@link boundaries}.
 */
export function pausesOf(
  { cells, media }: CellRow,
  reused: number,
  kind: MemoryKind,
  isEnd: (token: number) => boolean,
): number[] {
  if (kind === "anywhere" || kind === "closed" || media.length > 0) return [];
  const all = boundaries(cells, reused, isEnd);
  return kind === "window" ? all.slice(-1) : all;
}

/** Cells at the front that stay when the context is shifted: `num_keep` and the beginning of the sequence, or with -1 the whole prompt. */
export function keptTokens({ request, row }: Job, addsBos: boolean): number {
  const keep = request.sampling.numKeep;
  const prompt = row.cells.length;
  return keep < 0 ? prompt : Math.min(prompt, keep + (addsBos ? 1 : 0));
}

/**
 * Guesses of one answer; undefined where the request wants none, and where wrong guesses, once evaluated, cannot be removed again.
 * Pictures have no tokens that could be guessed.
 */
export function speculationOf(
  { sampling: { draftNumPredict } }: RunnerGenerate,
  { cells, media }: CellRow,
  kind: MemoryKind,
  means: Means,
): Speculation | undefined {
  if (draftNumPredict === 0 || media.length > 0 || !takesBack(kind)) return undefined;
  return new Speculation(cells, means, draftNumPredict < 0 ? undefined : draftNumPredict);
}
