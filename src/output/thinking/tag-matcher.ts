/**
 * Finds a tag in streamed text. Gives out what cannot belong to the tag any more as soon as it is known; the search is that
 * of Knuth, Morris and Pratt, so that no piece is looked at twice.
 */
export class TagMatcher {
  readonly #tag: string;
  /** For each length of a match, the next shorter one that its end may begin. */
  readonly #shorter: readonly number[];
  #matched = 0;

  /** @param tag must not be empty. */
  constructor(tag: string) {
    this.#tag = tag;
    this.#shorter = failures(tag);
  }

  /** Characters at the end of the text that may be the beginning of the tag. */
  get held(): number {
    return this.#matched;
  }

  /** @returns the text before the tag, as far as it is known, and the text after it once the tag has been found. */
  push(text: string): { before: string; after?: string } {
    const held = this.#matched;
    for (let i = 0; i < text.length; i++) {
      while (this.#matched > 0 && text[i] !== this.#tag[this.#matched]) {
        this.#matched = this.#shorter[this.#matched] ?? 0;
      }
      if (text[i] === this.#tag[this.#matched]) this.#matched += 1;
      if (this.#matched === this.#tag.length) {
        this.#matched = 0;
        return {
          before: this.#released(held, text, held + i + 1 - this.#tag.length),
          after: text.slice(i + 1),
        };
      }
    }
    return { before: this.#released(held, text, held + text.length - this.#matched) };
  }

  /** The beginning of the tag with which the text has ended. */
  end(): string {
    const rest = this.#tag.slice(0, this.#matched);
    this.#matched = 0;
    return rest;
  }

  /** The first `length` characters of the held part of the tag and `text` after it. */
  #released(held: number, text: string, length: number): string {
    return this.#tag.slice(0, Math.min(held, length)) + text.slice(0, Math.max(0, length - held));
  }
}

/** `failures[n]`: the longest proper beginning of the tag that is also the end of its first `n` characters. */
function failures(tag: string): number[] {
  const table = [0, 0];
  for (let i = 1, length = 0; i < tag.length; i++) {
    while (length > 0 && tag[i] !== tag[length]) length = table[length] ?? 0;
    if (tag[i] === tag[length]) length += 1;
    table.push(length);
  }
  return table;
}
