/** Widths of a guess. One batch with a few tokens more costs a small model twice as much, so a first guess is short. */
const FIRST = 3;
const WIDEST = 16;
/** A match of so many tokens is needed for a guess: less when guesses come true, more when they do not. */
const EASIEST = 3;
const USUAL = 5;
const HARDEST = 16;
/** Tokens without a guess after one that was all wrong; doubles with every further one. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 256;

/** Decides when to guess and how far, by how earlier guesses went. Pure: a text that does not repeat itself costs next to nothing. */
export class Pace {
  #width = FIRST;
  #match = USUAL;
  #pause = 0;
  #wait = FIRST_PAUSE;
  drafted = 0;
  accepted = 0;

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
    this.drafted += drafted;
    this.accepted += accepted;
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
