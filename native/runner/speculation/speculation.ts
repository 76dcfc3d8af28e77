import { PromptLookup } from "./lookup.ts";
import { Pace } from "./pace.ts";

/** Guesses of one answer's next tokens, copied from what was said before. Nothing is computed until the answer has begun. */
export class Speculation {
  readonly #prompt: readonly number[];
  readonly #pace = new Pace();
  #lookup: PromptLookup | undefined;
  #seen = 0;

  constructor(prompt: readonly number[]) {
    this.#prompt = prompt;
  }

  /** Tokens that were guessed, and how many of them came true. */
  get counts(): { drafted: number; accepted: number } {
    return { drafted: this.#pace.drafted, accepted: this.#pace.accepted };
  }

  /**
   * The next tokens as they may be; none when that is not worth a try.
   * @param generated the answer so far.
   * @param most tokens that there is room for.
   */
  guess(generated: readonly number[], most: number): number[] {
    const width = Math.min(this.#pace.width, most);
    this.#pace.passed();
    if (width < 1) return [];
    this.#lookup ??= new PromptLookup(this.#prompt);
    for (; this.#seen < generated.length; this.#seen++) this.#lookup.push(generated[this.#seen]!);
    const guess = this.#lookup.guess(width);
    return guess === undefined || guess.match < this.#pace.match ? [] : guess.tokens;
  }

  learned(drafted: number, accepted: number): void {
    this.#pace.learned(drafted, accepted);
  }
}
