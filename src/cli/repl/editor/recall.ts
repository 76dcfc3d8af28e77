/** Walks through earlier texts and comes back to the one that was being written. */
export class Recall {
  readonly #earlier: readonly string[];
  #at: number;
  #draft = "";

  /** @param earlier oldest first. */
  constructor(earlier: readonly string[]) {
    this.#earlier = earlier;
    this.#at = earlier.length;
  }

  /** @param current the text that is shown now; kept when it is the draft. @returns undefined at the oldest. */
  older(current: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#earlier.length) this.#draft = current;
    this.#at--;
    return this.#earlier[this.#at];
  }

  /** @returns undefined where the draft is shown already. */
  newer(): string | undefined {
    if (this.#at === this.#earlier.length) return undefined;
    this.#at++;
    return this.#earlier[this.#at] ?? this.#draft;
  }

  /**
   * The latest earlier text with `query` in it, upper and lower case alike.
   *
   * @param skip how many matches to pass over, from the latest on.
   */
  search(query: string, skip: number): string | undefined {
    const wanted = query.toLowerCase();
    return this.#earlier.toReversed().filter((text) => text.toLowerCase().includes(wanted))[skip];
  }
}
