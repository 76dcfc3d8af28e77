/** Columns left free on the right. */
const MARGIN = 5;
/** Narrower terminals are left to wrap by themselves. */
const LEAST_COLUMNS = 10;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Wraps streamed text at word boundaries. A word is shown as it arrives; when it turns out too long for its line, the cursor
 * goes back, clears it, and the word is repeated on the next line. For terminals only.
 */
export class WordWrap {
  readonly #columns: () => number;
  #column = 0;
  /** The part of the last word that is already on the line. */
  #word = "";

  /** @param columns the terminal's width, which may change between two pieces. */
  constructor(columns: () => number) {
    this.#columns = columns;
  }

  /** The text to write to the terminal for the next piece. */
  push(text: string): string {
    if (this.#columns() < LEAST_COLUMNS) return text;
    let written = "";
    for (const { segment } of graphemes.segment(text)) written += this.#put(segment);
    return written;
  }

  #put(char: string): string {
    if (/[\r\n]/.test(char)) return this.#breakLine(char);
    const width = Bun.stringWidth(char);
    const limit = this.#columns() - MARGIN;
    if (this.#column + width <= limit) return this.#append(char, width);
    if (isBlank(char)) return this.#breakLine("\n");
    const wordWidth = Bun.stringWidth(this.#word);
    if (wordWidth === 0 || wordWidth >= this.#column)
      return this.#breakLine("\n") + this.#append(char, width);
    const word = this.#word;
    const moved = `\x1b[${wordWidth}D\x1b[K${this.#breakLine("\n")}${word}`;
    this.#word = word;
    this.#column = wordWidth;
    return moved + this.#append(char, width);
  }

  #append(char: string, width: number): string {
    this.#column += width;
    // Scripts with wide characters break between any two of them.
    this.#word = isBlank(char) || width > 1 ? "" : this.#word + char;
    return char;
  }

  #breakLine(newline: string): string {
    this.#column = 0;
    this.#word = "";
    return newline;
  }
}

const isBlank = (char: string): boolean => char === " " || char === "\t";
