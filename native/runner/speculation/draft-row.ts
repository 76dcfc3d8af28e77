import type { Drafter } from "./drafter.ts";

/**
 * Tokens at the end of a text that a draft begins with. It needs no more to guess well, and evaluating a long prompt a second time would
 * take longer than guesses can save.
 */
const TAIL = 256;

/** The cells of an answer's slot, and the token that is to be evaluated next. */
export interface SlotTokens {
  cached: readonly number[];
  next: number;
}

/**
 * Keeps the tokens of a draft equal to the text that it guesses: after an answer, a wrong guess, a context shift or another conversation
 * the common tokens stay, and the missing ones are evaluated. Its row may begin anywhere in the text.
 */
export class DraftRow {
  readonly #drafter: Drafter;
  readonly #tail: number;
  #offset = 0;
  #held: number[] = [];

  constructor(drafter: Drafter) {
    this.#drafter = drafter;
    this.#tail = Math.min(TAIL, Math.floor(drafter.room / 2));
  }

  /**
   * Removes tokens that differ from the text, and begins anew near its end where too many tokens are missing, or there is no room for a
   * guess.
   * @param width most tokens of the guess.
   * @returns how many tokens are missing, at least one: a guess follows from the evaluation of the text's last token.
   */
  align({ cached, next }: SlotTokens, width: number): number {
    const length = cached.length + 1;
    const at = (index: number) => (index < cached.length ? cached[index] : next);
    const most = Math.min(this.#held.length, length - 1 - this.#offset);
    let common = 0;
    while (common < most && this.#held[common] === at(this.#offset + common)) common++;
    const lacks = length - this.#offset - common;
    const isFull = length - this.#offset + width > this.#drafter.room;
    if (lacks <= this.#tail && !isFull) {
      this.#cut(common);
      return lacks;
    }
    this.#cut(0);
    this.#offset = Math.max(0, length - this.#tail);
    return length - this.#offset;
  }

  /** Evaluates the next missing tokens of those that {@link align} has counted, but not the last one. @returns how many. */
  read(text: SlotTokens, lacks: number): number {
    const tokens = this.#lacking(text, lacks).slice(0, Math.min(lacks - 1, this.#drafter.batch));
    if (this.#drafter.feed(tokens)) this.#held.push(...tokens);
    else this.#cut(0);
    return tokens.length;
  }

  /** Evaluates the missing tokens and guesses the next ones; none where the draft is not sure, or fails. */
  guess(text: SlotTokens, lacks: number, most: number): number[] {
    const tokens = this.#lacking(text, lacks);
    const guess = this.#drafter.guess(tokens, most);
    if (guess === undefined) {
      this.#cut(0);
      return [];
    }
    this.#held.push(...tokens, ...(guess.length === most ? guess.slice(0, -1) : guess));
    return guess;
  }

  #lacking({ cached, next }: SlotTokens, lacks: number): number[] {
    return [...cached.slice(cached.length + 1 - lacks), next];
  }

  #cut(length: number): void {
    this.#drafter.cut(length);
    this.#held.length = length;
  }
}
