/** Widths of a guess. A batch with a few more tokens takes a small model twice the time, so a first guess is short. */
const FIRST = 3;
const WIDEST = 16;
/** A match of so many tokens is needed for a guess: less when guesses come true, more when they do not. */
const EASIEST = 3;
const USUAL = 5;
const HARDEST = 16;
/** Tokens without a guess after one that was all wrong; doubles with every further one. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 256;

/**
 * Decides when to copy a guess from the text before and how much, by how earlier guesses went: a text that does not repeat itself costs
 * next to nothing. It outlives answers, or each of many short ones would pay for a wrong guess of its own.
 */
export class Pace {
  #width = FIRST;
  #match = USUAL;
  #pause = 0;
  #wait = FIRST_PAUSE;

  /** A new answer begins: experience with earlier ones counts less for it. */
  begin(): void {
    this.#width = FIRST;
    this.#pause = 0;
    this.#match = Math.max(USUAL, this.#match - 1);
  }

  /** Most tokens of the next guess; 0: do not guess now. Called once a token. */
  get width(): number {
    return this.#pause > 0 ? 0 : this.#width;
  }

  /** Tokens that have to match before the guess. */
  get match(): number {
    return this.#match;
  }

  /** A token came without a guess. */
  passed(): void {
    if (this.#pause > 0) this.#pause--;
  }

  /** So many of `drafted` tokens were right. */
  learned(drafted: number, accepted: number): void {
    if (accepted === 0) {
      this.#pause = this.#wait;
      this.#wait = Math.min(LONGEST_PAUSE, this.#wait * 2);
      this.#match = Math.min(HARDEST, this.#match * 2);
      this.#width = FIRST;
      return;
    }
    this.#wait = FIRST_PAUSE;
    const all = accepted === drafted;
    this.#match = all ? EASIEST : this.#match;
    this.#width = all ? Math.min(WIDEST, this.#width * 2) : Math.max(FIRST, accepted + 1);
  }
}
