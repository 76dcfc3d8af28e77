import type { BatchPart } from "./evaluator.ts";

/** What fills gaps: tokens of a sequence that no other one sees. It goes on from batch to batch. */
export interface Filler {
  sequence: number;
  token: number;
  /** How many there are. */
  length: number;
}

/** A batch in which what is added stands in chosen rows. */
export class GappedBatch {
  readonly parts: BatchPart[] = [];
  readonly #filler: Filler;
  rows = 0;

  constructor(filler: Filler) {
    this.#filler = filler;
  }

  /** @returns the row of its first token. */
  add(part: BatchPart): number {
    const row = this.rows;
    this.parts.push(part);
    this.rows += part.tokens.length;
    return row;
  }

  /** Fills the rows before this one. */
  fillTo(row: number): void {
    const { sequence, token, length } = this.#filler;
    const missing = row - this.rows;
    if (missing <= 0) return;
    this.add({ sequence, tokens: Array.from({ length: missing }, () => token), position: length });
    this.#filler.length += missing;
  }
}
