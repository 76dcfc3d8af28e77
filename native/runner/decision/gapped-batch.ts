import type { BatchPart } from "./evaluator.ts";
import { STEP, upTo } from "./place-blocks.ts";

/** A sequence whose tokens fill gaps, and which no other sequence sees. It goes on from batch to batch. */
export interface Filler {
  sequence: number;
  token: number;
  /** How many there are. */
  length: number;
}

/** A batch whose tokens stand in chosen rows. */
export class GappedBatch {
  readonly #filler: Filler;
  readonly #parts: (BatchPart & { wanted: number[] })[] = [];
  #rows = 0;

  constructor(filler: Filler) {
    this.#filler = filler;
  }

  /** @param wanted behind which of the tokens scores are wanted, by their places. @returns the row of its first token. */
  add({ wanted = [], ...part }: BatchPart): number {
    const row = this.#rows;
    this.#parts.push({ ...part, wanted: [...wanted] });
    this.#rows += part.tokens.length;
    return row;
  }

  /** The parts that are in it so far. */
  get parts(): readonly BatchPart[] {
    return this.#parts;
  }

  /** Fills the rows before this one. */
  fillTo(row: number): void {
    const { sequence, token, length } = this.#filler;
    const missing = row - this.#rows;
    if (missing <= 0) return;
    this.add({ sequence, tokens: Array.from({ length: missing }, () => token), position: length });
    this.#filler.length += missing;
  }

  /**
   * The whole batch, filled up to full steps: of all rows, and of the rows whose scores are wanted, which alone go through the last layer.
   * @param least rows.
   */
  complete(least: number): readonly BatchPart[] {
    this.fillTo(Math.max(least, upTo(this.#rows, STEP)));
    const count = this.#parts.reduce((sum, { wanted }) => sum + wanted.length, 0);
    let missing = upTo(count, STEP) - count;
    for (const { tokens, wanted } of this.#parts) {
      const others = [...tokens.keys()].filter((at) => !wanted.includes(at)).slice(0, missing);
      wanted.push(...others);
      missing -= others.length;
    }
    return this.#parts;
  }
}
