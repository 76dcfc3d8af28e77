/** Where a search has ended: after `before` characters that belong to no tag, at `tag`, or at the end of the text. */
export interface TagSearch {
  before: number;
  tag?: string;
}

/** Several tags that are looked for at once. The first in the text is found; of those that begin together, the longest. */
export class TagSet {
  readonly #tags: readonly string[];
  readonly #first: ReadonlySet<string>;

  /** @param tags none of them empty. */
  constructor(tags: readonly string[]) {
    this.#tags = tags;
    this.#first = new Set(tags.map((tag) => tag.slice(0, 1)));
  }

  /**
   * @param whole no more text comes. Otherwise the search stops, without a tag, where one may have begun.
   */
  find(text: string, whole: boolean): TagSearch {
    for (let at = 0; at < text.length; at++) {
      if (!this.#first.has(text[at]!)) continue;
      const left = text.length - at;
      let found = "";
      for (const tag of this.#tags) {
        if (tag.length > left) {
          if (!whole && tag.startsWith(text.slice(at))) return { before: at };
        } else if (tag.length > found.length && text.startsWith(tag, at)) found = tag;
      }
      if (found !== "") return { before: at, tag: found };
    }
    return { before: text.length };
  }
}
