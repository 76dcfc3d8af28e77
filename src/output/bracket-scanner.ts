const CLOSERS: Record<string, string> = { "{": "}", "[": "]", "(": ")" };
/** Characters that JSON, or Python's way of writing it, has outside of strings. */
const IN_JSON = /[\w\s.,:+-]/;

/**
 * Follows brackets and strings through text that comes in pieces, to find where the first bracket closes.
 *
 * Not a parser: what is inside may be wrong in other ways.
 */
export class BracketScanner {
  readonly #open: string[] = [];
  readonly #jsonOnly: boolean;
  #quote = "";
  #escaped = false;

  /** @param jsonOnly stop at a character that JSON has only inside of strings. */
  constructor(jsonOnly: boolean) {
    this.#jsonOnly = jsonOnly;
  }

  /** Has every bracket been closed again? */
  get balanced(): boolean {
    return this.#open.length === 0;
  }

  /** The closing brackets that are still missing. */
  get missing(): string {
    return this.#open.toReversed().join("");
  }

  /**
   * @returns how many characters of `text` belong to the value, and whether it ends there: because its last bracket is closed, or
   * because the next character cannot be a part of it.
   */
  scan(text: string): { length: number; ended: boolean } {
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (this.#quote !== "") this.#inString(character);
      else if (!this.#accepts(character)) return { length: at, ended: true };
      else if (this.balanced) return { length: at + 1, ended: true };
    }
    return { length: text.length, ended: false };
  }

  #inString(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === "\\") this.#escaped = true;
    else if (character === this.#quote) this.#quote = "";
  }

  #accepts(character: string): boolean {
    const closer = CLOSERS[character];
    if (closer !== undefined && !(this.#jsonOnly && closer === ")")) this.#open.push(closer);
    else if (character === this.#open.at(-1)) this.#open.pop();
    else if (character === '"' || character === "'") this.#quote = character;
    else if (character === "}" || character === "]") return false;
    else if (this.#jsonOnly) return IN_JSON.test(character);
    return true;
  }
}
