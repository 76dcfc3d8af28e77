import { type CellRow, wholeMedia } from "../cell-row.ts";
import type { Reusable } from "./cached-prompt.ts";

export function commonPrefix(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

/** Cells that both begin with; none where they belong to different callers. */
export const sharedCells = (
  held: Pick<Reusable, "cells" | "salt">,
  cells: ArrayLike<number>,
  salt: string,
): number => (held.salt === salt ? commonPrefix(held.cells, cells) : 0);

/**
 * How many cells can be used again of a sequence that shares its first `common` cells with a prompt: all of those where its memory can
 * be cut there, else as many as the last checkpoint before that place has.
 */
function usableCells(
  { floor, checkpoints }: Pick<Reusable, "floor" | "checkpoints">,
  common: number,
): number {
  if (common >= floor) return common;
  return checkpoints.findLast(({ cells }) => cells <= common)?.cells ?? 0;
}

/** Cells of a prompt that need no evaluation with what is held. At least one is always left: its logits choose the answer's first token. */
export function reusable(held: Reusable, prompt: CellRow, salt: string): number {
  const common = Math.min(sharedCells(held, prompt.cells, salt), prompt.cells.length - 1);
  return usableCells(held, wholeMedia(prompt, common));
}

/** The sequence of which a prompt can use most cells, and how many; undefined when it can use none of any. */
export function mostReusable<Held extends Reusable>(
  all: readonly Held[],
  prompt: CellRow,
  salt: string,
): { entry: Held; usable: number } | undefined {
  let best: { entry: Held; usable: number } | undefined;
  for (const entry of all) {
    const usable = reusable(entry, prompt, salt);
    if (usable > (best?.usable ?? 0)) best = { entry, usable };
  }
  return best;
}

/** Cells of a sequence that one of those held can give back; what continues it counts as far as it can be cut. */
export const cellsHeld = (
  all: readonly Reusable[],
  { cells, salt }: Pick<Reusable, "cells" | "salt">,
): number => Math.max(0, ...all.map((each) => usableCells(each, sharedCells(each, cells, salt))));
