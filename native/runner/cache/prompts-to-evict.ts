import type { CachedPrompt } from "./cached-prompt.ts";
import { commonPrefix, sharedCells } from "./usable.ts";
import { worth } from "./worth.ts";

/** Cells and whose they are. */
export type Row = Pick<CachedPrompt, "cells" | "salt">;

/** A cached prompt with its history. */
export interface PromptCandidate extends Row {
  bytes: number;
  /** How often it has served a prompt. */
  hits: number;
  /** Milliseconds since the epoch. */
  lastUsed: number;
}

/**
 * The cached prompts to evict so that the rest fits `budget` bytes: the least valuable first, valued anew after each one, since the
 * cells that two of them share are lost only with the second.
 *
 * @param elsewhere rows that are kept anyway (in slots); the cells that a candidate shares with one count as nothing.
 */
export function promptsToEvict<C extends PromptCandidate>(
  candidates: readonly C[],
  elsewhere: readonly Row[],
  budget: number,
  now: number,
): C[] {
  let bytes = candidates.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes <= budget) return [];
  // In this order each row is next to the one that shares the longest front with it.
  const rows: Row[] = [...candidates, ...elsewhere].sort(compareRows);
  const rest = new Set(candidates);
  const victims: C[] = [];
  while (bytes > budget && rest.size > 0) {
    const victim = leastWorth(rows, rest, now);
    rest.delete(victim);
    rows.splice(rows.indexOf(victim), 1);
    victims.push(victim);
    bytes -= victim.bytes;
  }
  return victims;
}

function leastWorth<C extends PromptCandidate>(rows: readonly Row[], rest: ReadonlySet<C>, now: number): C {
  const places = new Map(rows.map((row, at) => [row, at]));
  const valued = [...rest].map((row) => ({
    row,
    value: worth({ ...row, tokens: ownTokens(rows, places.get(row)!) }, now),
  }));
  return valued.reduce((a, b) => (b.value < a.value ? b : a)).row;
}

/** Tokens that are lost with a row: those behind the longest front that it has in common with another one. */
function ownTokens(rows: readonly Row[], at: number): number {
  const row = rows[at]!;
  const shared = [rows[at - 1], rows[at + 1]].map((other) =>
    other === undefined ? 0 : sharedCells(other, row.cells, row.salt),
  );
  return row.cells.length - Math.max(...shared);
}

/** The order of words in a dictionary, callers apart. */
function compareRows(a: Row, b: Row): number {
  if (a.salt !== b.salt) return a.salt < b.salt ? -1 : 1;
  const common = commonPrefix(a.cells, b.cells);
  return (a.cells[common] ?? Number.NEGATIVE_INFINITY) - (b.cells[common] ?? Number.NEGATIVE_INFINITY) || 0;
}
