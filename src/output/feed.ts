import type { TagSet } from "./tag-set.ts";

/** A step-by-step reading of a {@link Feed}: it yields whenever it needs more text than there is. */
export type Reading<T = void> = Generator<void, T, void>;

const SPACE_ONLY = /^\s*$/;
const LEADING_SPACE = /^\s*/;

/**
 * Text that comes in pieces, for readers written as if all of it were there. A reader decides by characters alone, never by where a
 * piece ends, so the result is the same however the text was cut. A reader takes all characters that it has looked at, except the
 * beginning of a tag; that keeps the work linear.
 */
export class Feed {
  #unread = "";
  #closed = false;
  #taken = 0;

  push(text: string): void {
    this.#unread += text;
  }

  /** To be called when no more text comes. */
  close(): void {
    this.#closed = true;
  }

  /** Is it certain that no more text comes? */
  get closed(): boolean {
    return this.#closed;
  }

  /** The text that has come and was not taken yet. */
  get unread(): string {
    return this.#unread;
  }

  /** Characters taken so far. */
  get taken(): number {
    return this.#taken;
  }

  take(length: number): string {
    const text = this.#unread.slice(0, length);
    this.#unread = this.#unread.slice(length);
    this.#taken += text.length;
    return text;
  }

  /** Waits for more text than there is. @returns false when none comes. */
  *more(): Reading<boolean> {
    const { length } = this.#unread;
    while (this.#unread.length === length && !this.#closed) yield;
    return this.#unread.length > length;
  }

  /** The next character, not taken; "" at the end. */
  *next(): Reading<string> {
    if (this.#unread === "") yield* this.more();
    return this.#unread.slice(0, 1);
  }

  /** Does `text` come next? */
  *startsWith(text: string): Reading<boolean> {
    while (this.#unread.length < text.length && text.startsWith(this.#unread)) {
      if (!(yield* this.more())) return false;
    }
    return this.#unread.startsWith(text);
  }

  /** Takes `text` if it comes next. */
  *skip(text: string): Reading<boolean> {
    const comes = yield* this.startsWith(text);
    if (comes) this.take(text.length);
    return comes;
  }

  /** Takes white space. */
  *space(): Reading<string> {
    return yield* this.while(SPACE_ONLY, LEADING_SPACE);
  }

  /**
   * Takes characters of one kind.
   * @param all matches a text of nothing else.
   * @param leading matches those at the beginning of a text.
   */
  *while(all: RegExp, leading: RegExp): Reading<string> {
    let text = "";
    do {
      text += this.take(leading.exec(this.#unread)?.[0].length ?? 0);
    } while (all.test(this.#unread) && (yield* this.more()));
    return text;
  }

  /**
   * Takes text up to a tag, giving it to `sink` as it comes, and the tag. Without a tag the text has ended; if it ends with the beginning
   * of a tag, that is taken too.
   */
  *search(
    tags: TagSet,
    sink: (text: string) => void,
  ): Reading<{ tag: string } | { tag: undefined; cut: string }> {
    for (;;) {
      const whole = this.#closed ? tags.find(this.#unread, true) : undefined;
      const { before, tag } = whole?.tag === undefined ? tags.find(this.#unread, false) : whole;
      if (before > 0) sink(this.take(before));
      if (tag !== undefined) {
        this.take(tag.length);
        return { tag };
      }
      if (this.#closed) return { tag: undefined, cut: this.take(this.#unread.length) };
      yield* this.more();
    }
  }

  /** Like {@link search}; undefined: the text has ended without a tag, and all of it was text. */
  *until(tags: TagSet, sink: (text: string) => void): Reading<string | undefined> {
    const found = yield* this.search(tags, sink);
    if (found.tag === undefined && found.cut !== "") sink(found.cut);
    return found.tag;
  }

  /** Takes text up to one of `tags` and the tag. Without a tag, `text` is all there was. */
  *before(tags: TagSet): Reading<{ text: string; tag: string | undefined }> {
    let text = "";
    const tag = yield* this.until(tags, (piece) => {
      text += piece;
    });
    return { text, tag };
  }
}
