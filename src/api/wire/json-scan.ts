import { badRequest } from "../../lib/errors.ts";

/** Deepest nesting that Go's decoder takes. */
export const MAX_DEPTH = 10_000;

const code = (char: string): number => char.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code("\\");
const OBJECT = code("{");
const ARRAY = code("[");
const CLOSES = new Map([
  [OBJECT, code("}")],
  [ARRAY, code("]")],
]);
const SPACES = new Set([..." \t\r\n"].map(code));
const ESCAPES = new Set([...'"\\/bfnrtu'].map(code));
const LITERALS = new Map(["true", "false", "null"].map((word) => [code(word), word]));
const NAMED_CONTROLS = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [11, "\\v"],
  [12, "\\f"],
  [13, "\\r"],
]);

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
const isHex = (byte: number): boolean => /[0-9a-fA-F]/.test(String.fromCharCode(byte));

/** A byte as Go's decoder quotes it: a Latin-1 character, escaped where it does not print. */
function quoteByte(byte: number): string {
  if (byte === code("'")) return "'\\''";
  if (byte === BACKSLASH) return "'\\\\'";
  const named = NAMED_CONTROLS.get(byte);
  if (named !== undefined) return `'${named}'`;
  const hex = byte.toString(16).padStart(2, "0");
  if (byte < 0x20 || byte === 0x7f) return `'\\x${hex}'`;
  if ((byte >= 0x80 && byte <= 0xa0) || byte === 0xad) return `'\\u00${hex}'`;
  return `'${String.fromCharCode(byte)}'`;
}

/** Walks one JSON value without building it, and fails with the texts of Go's `encoding/json`. */
class Scanner {
  readonly #bytes: Uint8Array;
  readonly #open: number[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @returns the offset behind the first value. */
  end(): number {
    do {
      this.#value();
      while (this.#open.length > 0 && !this.#nextElement()) this.#open.pop();
    } while (this.#open.length > 0);
    return this.#at;
  }

  /** Reads a scalar, or opens containers until a scalar or an empty container has been read. */
  #value(): void {
    for (;;) {
      const byte = this.#skipSpaces();
      const close = CLOSES.get(byte);
      if (close === undefined) {
        this.#scalar(byte);
        return;
      }
      this.#at++;
      if (this.#open.push(byte) > MAX_DEPTH) throw badRequest("exceeded max depth");
      if (this.#skipSpaces() === close) {
        this.#at++;
        this.#open.pop();
        return;
      }
      if (byte === OBJECT) this.#key();
    }
  }

  /** After an element: true when another one follows, false when the container has been closed. */
  #nextElement(): boolean {
    const container = this.#open.at(-1)!;
    const byte = this.#skipSpaces();
    if (byte === CLOSES.get(container)) {
      this.#at++;
      return false;
    }
    if (byte !== code(",")) {
      throw this.#invalid(container === OBJECT ? "after object key:value pair" : "after array element");
    }
    this.#at++;
    if (container === OBJECT) this.#key();
    return true;
  }

  #key(): void {
    if (this.#skipSpaces() !== QUOTE) throw this.#invalid("looking for beginning of object key string");
    this.#string();
    if (this.#skipSpaces() !== code(":")) throw this.#invalid("after object key");
    this.#at++;
  }

  #scalar(byte: number): void {
    const literal = LITERALS.get(byte);
    if (byte === QUOTE) this.#string();
    else if (literal !== undefined) this.#literal(literal);
    else if (isDigit(byte) || byte === code("-")) this.#number(byte);
    else throw this.#invalid("looking for beginning of value");
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const byte = this.#peek();
      if (byte < 0x20) throw this.#invalid("in string literal");
      this.#at++;
      if (byte === QUOTE) return;
      if (byte === BACKSLASH) this.#escape();
    }
  }

  #escape(): void {
    const byte = this.#peek();
    if (!ESCAPES.has(byte)) throw this.#invalid("in string escape code");
    this.#at++;
    if (byte !== code("u")) return;
    for (let digits = 0; digits < 4; digits++) {
      if (!isHex(this.#peek())) throw this.#invalid("in \\u hexadecimal character escape");
      this.#at++;
    }
  }

  #literal(word: string): void {
    for (const expected of word) {
      if (this.#peek() !== code(expected)) {
        throw this.#invalid(`in literal ${word} (expecting '${expected}')`);
      }
      this.#at++;
    }
  }

  #number(first: number): void {
    if (first === code("-")) {
      this.#at++;
      if (!isDigit(this.#peek())) throw this.#invalid("in numeric literal");
    }
    if (this.#peek() === code("0")) this.#at++;
    else this.#digits("in numeric literal");
    if (this.#bytes[this.#at] === code(".")) {
      this.#at++;
      this.#digits("after decimal point in numeric literal");
    }
    if (this.#bytes[this.#at] === code("e") || this.#bytes[this.#at] === code("E")) {
      this.#at++;
      if (this.#peek() === code("+") || this.#peek() === code("-")) this.#at++;
      this.#digits("in exponent of numeric literal");
    }
  }

  #digits(context: string): void {
    if (!isDigit(this.#peek())) throw this.#invalid(context);
    while (isDigit(this.#bytes[this.#at])) this.#at++;
  }

  #skipSpaces(): number {
    while (SPACES.has(this.#peek())) this.#at++;
    return this.#peek();
  }

  #peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw badRequest("unexpected EOF");
    return byte;
  }

  #invalid(context: string): Error {
    return badRequest(`invalid character ${quoteByte(this.#peek())} ${context}`);
  }
}

/**
 * Where the first JSON value of `bytes` ends; what follows it is not looked at (docs/behaviour: api-native §1.2).
 *
 * @throws AppError `bad_request` with Go's text for what is wrong and where.
 */
export const firstValueEnd = (bytes: Uint8Array): number => new Scanner(bytes).end();
