/** Tokens of a gram, by which places are found; a longer match is one of several grams. */
const GRAM = 3;
/** Places of one gram that are looked at, the latest ones. */
const PLACES = 8;
/** A longer match says no more. */
const MOST_MATCH = 32;

/** A guess at what comes next, and how many tokens before it are the same as at the place that it was copied from. */
export interface CopiedGuess {
  tokens: number[];
  match: number;
}

/** Finds an earlier place of the text with the same last tokens: the tokens after that place are the guess. */
export class PromptLookup {
  readonly #tokens: number[] = [];
  /** The latest place of a gram, by its hash, and of each place the one before it. Another gram's place of the same hash matches nothing. */
  readonly #latest = new Map<number, number>();
  readonly #before: (number | undefined)[] = [];

  constructor(tokens: readonly number[]) {
    for (const token of tokens) this.push(token);
  }

  push(token: number): void {
    this.#tokens.push(token);
    // The place behind the last gram but one: the last one is where the text is now.
    const at = this.#tokens.length - 1;
    if (at < GRAM) return;
    const hash = this.#hashBefore(at);
    this.#before[at] = this.#latest.get(hash);
    this.#latest.set(hash, at);
  }

  /** The guess behind the longest match, of two equal ones the later; undefined when no match is as long as a gram. */
  guess(most: number): CopiedGuess | undefined {
    const end = this.#tokens.length;
    if (end < GRAM || most < 1) return undefined;
    let best: { at: number; match: number } | undefined;
    let at = this.#latest.get(this.#hashBefore(end));
    for (let looked = 0; at !== undefined && looked < PLACES; looked++) {
      const match = this.#matchBefore(at);
      if (match >= GRAM && match > (best?.match ?? 0)) best = { at, match };
      at = this.#before[at];
    }
    return best && { tokens: this.#tokens.slice(best.at, best.at + most), match: best.match };
  }

  #hashBefore(at: number): number {
    let hash = 0;
    for (let index = at - GRAM; index < at; index++)
      hash = Math.imul(hash ^ this.#tokens[index]!, 0x9e3779b1) ^ (hash >>> 15);
    return hash;
  }

  #matchBefore(at: number): number {
    const end = this.#tokens.length;
    let match = 0;
    while (match < MOST_MATCH && match < at && this.#tokens[at - 1 - match] === this.#tokens[end - 1 - match])
      match++;
    return match;
  }
}
