import type { TokenLogprob } from "../intent/generate.ts";

/**
 * Keeps the log-probabilities of text whose meaning is still open, so that each goes out with the part that its token belongs to.
 * A token of which anything has gone out goes with it.
 */
export class HeldLogprobs {
  #waiting: { start: number; logprobs: TokenLogprob[] }[] = [];
  #length = 0;

  /** To be called for every piece of text, in order. */
  add(text: string, logprobs: TokenLogprob[] = []): void {
    if (logprobs.length > 0) this.#waiting.push({ start: this.#length, logprobs });
    this.#length += text.length;
  }

  /** @param held how many characters at the end of the text are still open. */
  take(held: number): TokenLogprob[] {
    const open = this.#waiting.findIndex(({ start }) => held > 0 && start >= this.#length - held);
    const ready = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
    return ready.flatMap(({ logprobs }) => logprobs);
  }
}
