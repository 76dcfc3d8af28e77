/** Tokens by which places are found; longer matches are made of it. */
const GRAM = 3;
/** Places of one gram that are remembered, the latest ones. */
const PLACES = 8;

/** A guess at what comes next, and how many tokens before it are the same as at the place that it was copied from. */
export interface Guess {
  tokens: number[];
  match: number;
}

/** Finds where a text has been the way it is now: what came then is a guess at what comes next. */
export class PromptLookup {
  readonly #tokens: number[] = [];
  readonly #places = new Map<string, number[]>();

  constructor(tokens: readonly number[]) {
    for (const token of tokens) this.push(token);
  }

  push(token: number): void {
    this.#tokens.push(token);
    // The place behind the last gram but one: the last one is where the text is now.
    const at = this.#tokens.length - 1;
    if (at < GRAM) return;
    const key = this.#gramBefore(at);
    const places = this.#places.get(key) ?? [];
    places.push(at);
    if (places.length > PLACES) places.shift();
    this.#places.set(key, places);
  }

  /** The guess behind the longest match, of two equal ones the later; undefined when nothing matches for a gram. */
  guess(most: number): Guess | undefined {
    const end = this.#tokens.length;
    if (end < GRAM || most < 1) return undefined;
    let best: { at: number; match: number } | undefined;
    for (const at of this.#places.get(this.#gramBefore(end)) ?? []) {
      const match = this.#matchBefore(at);
      if (match >= (best?.match ?? 0)) best = { at, match };
    }
    return best && { tokens: this.#tokens.slice(best.at, best.at + most), match: best.match };
  }

  #gramBefore(at: number): string {
    return this.#tokens.slice(at - GRAM, at).join(" ");
  }

  #matchBefore(at: number): number {
    const end = this.#tokens.length;
    let match = 0;
    while (match < MOST_MATCH && match < at && this.#tokens[at - 1 - match] === this.#tokens[end - 1 - match])
      match++;
    return match;
  }
}

/** A longer match says no more. */
const MOST_MATCH = 32;
