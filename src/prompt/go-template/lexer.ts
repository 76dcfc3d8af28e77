import { charAt, describeChar, isAlphaNumeric, isSpace } from "./chars.ts";
import { goQuote } from "./quote.ts";
import { KEYWORDS, type Token, type TokenType } from "./token.ts";

const KEYWORD_TYPES = new Map<string, TokenType>(KEYWORDS.map((word) => [word, word]));

const PUNCTUATION: Record<string, TokenType> = {
  "=": "assign",
  "|": "pipe",
  "(": "leftParen",
  ")": "rightParen",
  ":": "declare",
};

/** Signals the end of lexing; carries no message because the error token already does. */
class Stop extends Error {}

/**
 * Cuts a template into tokens, in one pass from left to right. The last token is `eof`, or `error` with Go's message: the parser
 * reports it only when it gets there, so that an earlier mistake wins, as in Go.
 */
export function tokenize(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #pos = 0;
  #line = 1;
  /** Up to where newlines have been counted. */
  #counted = 0;
  #parens = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    try {
      while (this.#pos < this.#text.length) this.#lexText();
      this.#emit("eof", this.#pos, "EOF");
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    return this.#tokens;
  }

  /** Text up to the next action, then the action or comment. */
  #lexText(): void {
    const start = this.#pos;
    const open = this.#text.indexOf("{{", start);
    const end = open < 0 ? this.#text.length : open;
    const trimmed = open >= 0 && this.#text[open + 2] === "-" && isSpace(this.#text[open + 3]);
    const kept = trimmed ? trimEndIndex(this.#text, start, end) : end;
    if (kept > start) this.#emit("text", start, this.#text.slice(start, kept));
    this.#pos = end;
    if (open < 0) return;
    const inside = open + 2 + (trimmed ? 2 : 0);
    if (this.#text.startsWith("/*", inside)) {
      this.#comment(inside);
      return;
    }
    this.#emit("leftDelim", open, "{{");
    this.#pos = inside;
    this.#parens = 0;
    while (!this.#lexInside());
  }

  #comment(start: number): void {
    const close = this.#text.indexOf("*/", start + 2);
    if (close < 0) this.#fail(start, "unclosed comment");
    this.#pos = close + 2;
    if (this.#closing() === undefined) this.#fail(start, "comment ends before closing delimiter");
    this.#closeDelim();
  }

  /** How an action ends here: `}}`, or ` -}}` which trims what follows. */
  #closing(): "plain" | "trim" | undefined {
    if (this.#text.startsWith("}}", this.#pos)) return "plain";
    if (isSpace(this.#text[this.#pos]) && this.#text.startsWith("-}}", this.#pos + 1)) return "trim";
    return undefined;
  }

  /** Moves past the closing delimiter and the space that it trims; returns where the delimiter itself is. */
  #closeDelim(): number {
    const trim = this.#closing() === "trim";
    const delim = this.#pos + (trim ? 2 : 0);
    this.#pos = delim + 2;
    while (trim && isSpace(this.#text[this.#pos])) this.#pos++;
    return delim;
  }

  /** One token inside an action; true when it was the closing delimiter. */
  #lexInside(): boolean {
    const start = this.#pos;
    if (this.#closing() !== undefined) {
      if (this.#parens > 0) this.#fail(start, "unclosed left paren");
      this.#emit("rightDelim", this.#closeDelim(), "}}");
      return true;
    }
    const char = charAt(this.#text, start);
    if (char === "") this.#fail(start, "unclosed action");
    if (isSpace(char)) this.#space();
    else if (char === '"') this.#quoted(start, '"', "string", "unterminated quoted string");
    else if (char === "'") this.#quoted(start, "'", "charConstant", "unterminated character constant");
    else if (char === "`") this.#rawString(start);
    else if (char === "$") this.#word(start, 1, "variable");
    else if (char === "." && /^[^0-9]$/.test(this.#text[start + 1] ?? "")) this.#word(start, 1, "field");
    else if (char === "." || char === "+" || char === "-" || isDigit(char)) this.#number(start);
    else if (isAlphaNumeric(char)) this.#word(start, 0, "identifier");
    else this.#punctuation(start, char);
    return false;
  }

  #space(): void {
    const start = this.#pos;
    while (isSpace(this.#text[this.#pos]) && this.#closing() === undefined) this.#pos++;
    this.#emitSlice("space", start);
  }

  #quoted(start: number, quote: string, type: TokenType, unterminated: string): void {
    for (this.#pos++; ; this.#pos++) {
      const char = this.#text[this.#pos];
      if (char === quote) break;
      if (char === "\\") this.#pos++;
      const inside = this.#text[this.#pos];
      if (inside === undefined || inside === "\n") this.#fail(start, unterminated);
    }
    this.#pos++;
    this.#emitSlice(type, start);
  }

  #rawString(start: number): void {
    const close = this.#text.indexOf("`", start + 1);
    if (close < 0) this.#fail(start, "unterminated raw quoted string");
    this.#pos = close + 1;
    this.#emitSlice("rawString", start);
  }

  #word(start: number, prefix: number, type: TokenType): void {
    this.#pos = start + prefix;
    let char = charAt(this.#text, this.#pos);
    while (char !== "" && isAlphaNumeric(char)) {
      this.#pos += char.length;
      char = charAt(this.#text, this.#pos);
    }
    if (!this.#atTerminator(char)) this.#fail(start, `bad character ${describeChar(char)}`);
    const word = this.#text.slice(start, this.#pos);
    this.#emit(wordType(word, type), start, word);
  }

  /** Whether an identifier may end before `char`: keeps `$x+2` from being read as two operands. */
  #atTerminator(char: string): boolean {
    return char === "" || isSpace(char) || ".,|:)(".includes(char) || this.#text.startsWith("}}", this.#pos);
  }

  #number(start: number): void {
    const good = this.#scanNumber();
    const sign = this.#text[this.#pos];
    const complex = good && (sign === "+" || sign === "-");
    const complete = complex ? this.#scanNumber() && this.#text[this.#pos - 1] === "i" : good;
    const text = this.#text.slice(start, this.#pos);
    if (!complete) this.#fail(start, `bad number syntax: ${goQuote(text)}`);
    this.#emit("number", start, text);
  }

  /** Takes the longest run that could be a number; false, with the offender taken, if a letter or digit follows. */
  #scanNumber(): boolean {
    const run =
      /[+-]?(?:0[xX][\da-fA-F_]*\.?[\da-fA-F_]*(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*\.?[0-7_]*|0[bB][01_]*\.?[01_]*|[\d_]*\.?[\d_]*(?:[eE][+-]?[\d_]*)?)i?/y;
    run.lastIndex = this.#pos;
    this.#pos += run.exec(this.#text)?.[0].length ?? 0;
    const next = charAt(this.#text, this.#pos);
    if (next === "" || !isAlphaNumeric(next)) return true;
    this.#pos += next.length;
    return false;
  }

  #punctuation(start: number, char: string): void {
    this.#pos = start + char.length;
    if (char === "(") this.#parens++;
    if (char === ")" && --this.#parens < 0) this.#fail(start, "unexpected right paren");
    if (char === ":") {
      if (this.#text[this.#pos] !== "=") this.#fail(start, "expected :=");
      this.#pos++;
    }
    if (char < " " || char > "~")
      this.#fail(start, `unrecognized character in action: ${describeChar(char)}`);
    this.#emitSlice(PUNCTUATION[char] ?? "char", start);
  }

  #emitSlice(type: TokenType, start: number): void {
    this.#emit(type, start, this.#text.slice(start, this.#pos));
  }

  #emit(type: TokenType, pos: number, text: string): void {
    this.#tokens.push({ type, pos, line: this.#lineAt(pos), text });
  }

  #fail(start: number, message: string): never {
    this.#emit("error", start, message);
    throw new Stop();
  }

  #lineAt(pos: number): number {
    for (; this.#counted < pos; this.#counted++) {
      if (this.#text.charCodeAt(this.#counted) === 10) this.#line++;
    }
    return this.#line;
  }
}

function trimEndIndex(text: string, start: number, end: number): number {
  let kept = end;
  while (kept > start && isSpace(text[kept - 1])) kept--;
  return kept;
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";

function wordType(word: string, type: TokenType): TokenType {
  if (word === ".") return "dot";
  if (type !== "identifier") return type;
  if (word === "true" || word === "false") return "bool";
  return KEYWORD_TYPES.get(word) ?? "identifier";
}
