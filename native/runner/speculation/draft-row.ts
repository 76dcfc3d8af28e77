import type { Drafter } from "./drafter.ts";

/**
 * Tokens at the end of a text that a draft begins with. It needs no more to guess well, and evaluating all of a long prompt a second time
 * would take longer than is ever won back.
 */
const TAIL = 256;

/** What an answer's slot holds, and the token that is to be evaluated next. */
export interface SlotTokens {
  cached: readonly number[];
  next: number;
}

/**
 * Keeps a draft in step with the text that it guesses: after an answer, a wrong guess, a context shift or another conversation it holds
 * what is common, and is fed what it lacks. What it holds begins somewhere in the text, not always at its beginning.
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
   * Forgets what the text does not say, and begins anew near its end where too much lacks or the room for a guess does.
   * @param width most tokens of the guess.
   * @returns how many tokens lack, at least one: a guess is made of what the text's last token leads to.
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

  /** Evaluates the next tokens that lack, of those that {@link align} has counted, and not the last of them. @returns how many. */
  read(text: SlotTokens, lacks: number): number {
    const tokens = this.#lacking(text, lacks).slice(0, Math.min(lacks - 1, this.#drafter.batch));
    if (this.#drafter.feed(tokens)) this.#held.push(...tokens);
    else this.#cut(0);
    return tokens.length;
  }

  /** Evaluates what lacks and guesses on; nothing where the draft is not sure, or cannot. */
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
