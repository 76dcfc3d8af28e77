import type { CacheLoss } from "../../../src/intent/cache.ts";
import type { Row } from "./prompts-to-evict.ts";
import { sharedCells } from "./usable.ts";

/** Most cells of lost prompts that are remembered: a few megabytes. */
const MOST_CELLS = 500_000;

interface Gone extends Row {
  loss: CacheLoss;
}

/** Prompts that are no longer cached, and why: the reason is reported with the next prompt that would have used one. */
export class Ledger {
  #gone: Gone[] = [];

  note({ cells, salt }: Row, loss: CacheLoss): void {
    this.#gone.push({ cells: cells.slice(), salt, loss });
    let total = this.#gone.reduce((sum, each) => sum + each.cells.length, 0);
    while (total > MOST_CELLS && this.#gone.length > 1) total -= this.#gone.shift()!.cells.length;
  }

  /** Of the lost prompts that have most cells in common with a new one, the one that was lost last. */
  find(cells: readonly number[], salt: string): { common: number; loss: CacheLoss } | undefined {
    let best: { common: number; loss: CacheLoss } | undefined;
    for (const { loss, ...row } of this.#gone) {
      const common = sharedCells(row, cells, salt);
      if (common > 0 && common >= (best?.common ?? 0)) best = { common, loss };
    }
    return best;
  }
}
