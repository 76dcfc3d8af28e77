import { ptr, type Shim } from "./shim.ts";

const SPACE = 0x20;

/** The model's tokenizer. */
export class Vocabulary {
  readonly #shim: Shim;
  #spaced: boolean | undefined;

  constructor(shim: Shim) {
    this.#shim = shim;
  }

  /**
   * @param addSpecial put the model's beginning and end tokens where its vocabulary says so.
   * @param parseSpecial read the text of control tokens (`<|im_start|>`) as those tokens.
   */
  tokenize(text: string, addSpecial: boolean, parseSpecial: boolean): number[] {
    const bytes = new TextEncoder().encode(text);
    // bun:ffi cannot make a pointer to an empty array.
    const source = bytes.length === 0 ? new Uint8Array(1) : bytes;
    const run = (out: Int32Array): number =>
      this.#shim.shim_tokenize(ptr(source), bytes.length, ptr(out), out.length, addSpecial, parseSpecial);
    let out = new Int32Array(bytes.length + 8);
    let count = run(out);
    if (count < 0) {
      out = new Int32Array(-count);
      count = run(out);
    }
    return Array.from(out.subarray(0, count));
  }

  /** The tokens that `addSpecial` puts around a text. */
  borders(): { before: number[]; after: number[] } {
    const around = this.tokenize("", true, false);
    const first = this.#shim.shim_adds_bos() ? 1 : 0;
    return { before: around.slice(0, first), after: around.slice(first) };
  }

  /** The bytes of one token; half a character is possible. `special`: control tokens as their text instead of nothing. */
  bytes(token: number, special: boolean): Uint8Array {
    // bun:ffi reads an i32 as JavaScriptCore keeps integers; the same number out of an array of doubles would arrive as 0.
    const id = token | 0;
    let out = new Uint8Array(64);
    let length = this.#shim.shim_piece(id, ptr(out), out.length, special);
    if (length < 0) {
      out = new Uint8Array(-length);
      length = this.#shim.shim_piece(id, ptr(out), out.length, special);
    }
    return out.subarray(0, length);
  }

  text(token: number, special: boolean): string {
    return new TextDecoder().decode(this.bytes(token, special));
  }

  /** Control tokens included, as clients may get them back in `context`. The text that they were made of, where the vocabulary can write it. */
  detokenize(tokens: readonly number[]): string {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return (
      this.pieces(tokens)
        .map((piece) => decoder.decode(piece, { stream: true }))
        .join("") + decoder.decode()
    );
  }

  /** The bytes of each token, control tokens as their text; together they are the text, without the space that tokenising adds. */
  pieces(tokens: readonly number[]): Uint8Array[] {
    const spaced = this.#addsSpace();
    let begins = spaced;
    return tokens.map((token) => {
      const bytes = this.bytes(token, true);
      const piece = begins && bytes[0] === SPACE ? bytes.subarray(1) : bytes;
      begins = spaced && this.#isControl(token);
      return piece;
    });
  }

  /** The text's control tokens as tokens, and the texts between them. */
  splitControl(text: string): (number | string)[] {
    const parts: (number | string)[] = [];
    let from = 0;
    for (const token of this.tokenize(text, false, true).filter((each) => this.#isControl(each))) {
      const mark = this.text(token, true);
      const at = text.indexOf(mark, from);
      parts.push(text.slice(from, at), token);
      from = at + mark.length;
    }
    return [...parts, text.slice(from)].filter((part) => part !== "");
  }

  /** The ids of control tokens given by their text; texts that are not one token are left out. */
  tokensNamed(texts: readonly string[]): Set<number> {
    const ids = texts.map((text) => this.tokenize(text, false, true)).filter((tokens) => tokens.length === 1);
    return new Set(ids.map(([token]) => token!));
  }

  /** A text's first word gets a space in front, and so does the first one behind a control token. */
  #addsSpace(): boolean {
    if (this.#spaced !== undefined) return this.#spaced;
    const [first] = this.tokenize("a", false, false);
    this.#spaced = first !== undefined && this.bytes(first, true)[0] === SPACE;
    return this.#spaced;
  }

  #isControl(token: number): boolean {
    return this.bytes(token, false).length === 0 && this.bytes(token, true).length > 0;
  }
}
