/** A pattern that is no regular expression, or one whose meaning a grammar cannot express. The message names the construct. */
export class PatternError extends Error {}

/** Walks over a pattern by characters. */
export class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  get done(): boolean {
    return this.#at >= this.#characters.length;
  }

  peek(offset = 0): string | undefined {
    return this.#characters[this.#at + offset];
  }

  /** Does `text` come next? */
  sees(text: string): boolean {
    return [...text].every((character, i) => this.peek(i) === character);
  }

  /** Steps over `text` if it comes next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += [...text].length;
    return true;
  }

  next(): string {
    const character = this.peek();
    if (character === undefined) throw new PatternError("it ends too early");
    this.#at += 1;
    return character;
  }

  /** The longest run of characters that `test` matches, at most `limit` of them. */
  run(test: RegExp, limit = Number.POSITIVE_INFINITY): string {
    let text = "";
    for (let c = this.peek(); c !== undefined && text.length < limit && test.test(c); c = this.peek()) {
      text += this.next();
    }
    return text;
  }

  /** For a look ahead that may fail: runs `read`, and goes back if it returns undefined. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.#at;
    const result = read();
    if (result === undefined) this.#at = start;
    return result;
  }
}
