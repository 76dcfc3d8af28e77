import type { CacheLoss } from "../../../src/intent/cache.ts";
import type { Row } from "./prompts-to-evict.ts";
import { sharedCells } from "./usable.ts";

/** Cells that are remembered of what is gone: a few megabytes. */
const MOST_CELLS = 500_000;

interface Gone extends Row {
  loss: CacheLoss;
}

/** What was cached once and is no more, so that a prompt that would have used it can be told why it does not. */
export class Ledger {
  #gone: Gone[] = [];

  note({ cells, salt }: Row, loss: CacheLoss): void {
    this.#gone.push({ cells: cells.slice(), salt, loss });
    let total = this.#gone.reduce((sum, each) => sum + each.cells.length, 0);
    while (total > MOST_CELLS && this.#gone.length > 1) total -= this.#gone.shift()!.cells.length;
  }

  /** The latest loss of those that would have given a prompt most. */
  find(cells: readonly number[], salt: string): { common: number; loss: CacheLoss } | undefined {
    let best: { common: number; loss: CacheLoss } | undefined;
    for (const { loss, ...row } of this.#gone) {
      const common = sharedCells(row, cells, salt);
      if (common > 0 && common >= (best?.common ?? 0)) best = { common, loss };
    }
    return best;
  }
}
