import { boundaries } from "./cache/boundaries.ts";
import type { MemoryKind } from "./cache/memory-kind.ts";
import type { CellRow } from "./cell-row.ts";
import type { Job } from "./slot.ts";

/** Can tokens be taken back that were evaluated and are wrong? Pictures have no tokens that could be guessed. */
export const canTakeBack = ({ media }: CellRow, kind: MemoryKind): boolean =>
  media.length === 0 && (kind === "anywhere" || kind === "window");

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
