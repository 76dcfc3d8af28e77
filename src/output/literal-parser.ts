import { isRecord } from "../lib/is-record.ts";
import { parseJson } from "./parse-json.ts";

const MAX_DEPTH = 100;
const WORDS: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
};
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WHOLE_NUMBER = new RegExp(`^${NUMBER.source}$`);
const WORD = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const SPACE = /\s*/y;
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** Its message says what is wrong with the text. */
export class LiteralError extends Error {}

/** A call as Python writes it: `name(1, key="value")`. */
export interface PythonCall {
  name: string;
  positional: unknown[];
  named: Record<string, unknown>;
}

/** Further texts that are read as values. */
export interface LiteralOptions {
  /** Texts that may stand around a string; of two that begin alike the longer one first. */
  quotes?: readonly string[];
  /** Text that is no other value is a string up to where this (sticky) pattern ends. */
  bare?: RegExp;
  /** The end of the text closes open strings, lists and objects. */
  closesAtEnd?: boolean;
}

const QUOTES = ['"', "'"];

/**
 * Reads values as Python, JavaScript or a careless JSON write them: either kind of quotes, `True` and `true`, keys without
 * quotes, a comma too many, line breaks inside of strings.
 */
export class LiteralParser {
  readonly #text: string;
  readonly #quotes: readonly string[];
  readonly #bare: RegExp | undefined;
  readonly #closesAtEnd: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, { quotes = QUOTES, bare, closesAtEnd = false }: LiteralOptions = {}) {
    this.#text = text;
    this.#quotes = quotes;
    this.#bare = bare;
    this.#closesAtEnd = closesAtEnd;
  }

  get ended(): boolean {
    this.#space();
    return this.#at === this.#text.length;
  }

  /** @throws LiteralError */
  value(): unknown {
    if (this.#depth === MAX_DEPTH) throw new LiteralError("it is nested too deeply");
    this.#space();
    const quote = this.#quotes.find((each) => this.#text.startsWith(each, this.#at));
    if (quote !== undefined) return this.#string(quote);
    this.#depth += 1;
    const value = this.#unquoted();
    this.#depth -= 1;
    return value;
  }

  /** `name(…)`; a dot in the name is a part of it. @throws LiteralError */
  call(): PythonCall {
    const name = this.name();
    const positional: unknown[] = [];
    const named: [string, unknown][] = [];
    this.#list("(", ")", () => {
      const start = this.#at;
      const key = this.#match(WORD);
      if (key !== undefined && this.take("=")) named.push([key, this.value()]);
      else {
        this.#at = start;
        positional.push(this.value());
      }
    });
    return { name, positional, named: Object.fromEntries(named) };
  }

  /** A name without quotes. @throws LiteralError */
  name(): string {
    this.#space();
    return this.#word();
  }

  /** Takes `text`, with white space before it, if it comes next. */
  take(text: string): boolean {
    this.#space();
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #unquoted(): unknown {
    const character = this.#text[this.#at];
    if (character === "{") return this.#object();
    if (character === "[") {
      const items: unknown[] = [];
      this.#list("[", "]", () => items.push(this.value()));
      return items;
    }
    return this.#bare === undefined ? this.#scalar() : this.#bareValue(this.#bare);
  }

  #scalar(): unknown {
    const number = this.#match(NUMBER);
    if (number !== undefined) return Number(number);
    const word = this.#word();
    if (!Object.hasOwn(WORDS, word)) throw new LiteralError(`${word} is not a value`);
    return WORDS[word];
  }

  /** A value without quotes: a number or a known word where that is all, else a string. */
  #bareValue(pattern: RegExp): unknown {
    const text = this.#match(pattern)?.trim() ?? "";
    if (text === "") throw new LiteralError(`unexpected ${this.#text[this.#at] ?? "end"}`);
    if (Object.hasOwn(WORDS, text)) return WORDS[text];
    return WHOLE_NUMBER.test(text) ? Number(text) : text;
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#list("{", "}", () => {
      const quote = this.#quotes.find((each) => this.#text.startsWith(each, this.#at));
      const key = quote === undefined ? this.#word() : this.#string(quote);
      this.#expect(":");
      entries.push([key, this.value()]);
    });
    return Object.fromEntries(entries);
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    while (!this.take(close)) {
      item();
      if (this.take(",")) continue;
      if (!(this.#closesAtEnd && this.ended)) this.#expect(close);
      return;
    }
  }

  #string(quote: string): string {
    this.#at += quote.length;
    let text = "";
    while (!this.#text.startsWith(quote, this.#at)) {
      const character = this.#text[this.#at];
      if (character === undefined) return this.#unendedString(text);
      this.#at += 1;
      text += character === "\\" && quote.length === 1 ? this.#escape() : character;
    }
    this.#at += quote.length;
    return text;
  }

  /** A string whose end has been forgotten; what closes the lists and objects around it is no part of it. */
  #unendedString(text: string): string {
    if (!this.#closesAtEnd) throw new LiteralError("a string does not end");
    return text.replace(/[}\]\s]+$/, "");
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? "";
    if (letter !== "u") return ESCAPES[letter] ?? letter;
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new LiteralError("\\u without four digits");
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #word(): string {
    const word = this.#match(WORD);
    if (word === undefined) throw new LiteralError(`unexpected ${this.#text[this.#at] ?? "end"}`);
    return word;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #expect(text: string): void {
    if (!this.take(text)) throw new LiteralError(`${text} expected`);
  }

  #space(): void {
    this.#match(SPACE);
  }
}

/** The object that `text` writes, in JSON or nearly; undefined when it is not an object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text)?.value ?? parseLiteral(text);
  return isRecord(value) ? value : undefined;
}

function parseLiteral(text: string): unknown {
  const parser = new LiteralParser(text);
  try {
    const value = parser.value();
    return parser.ended ? value : undefined;
  } catch (error) {
    if (error instanceof LiteralError) return undefined;
    throw error;
  }
}
